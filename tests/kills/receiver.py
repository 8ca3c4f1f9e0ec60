"""Takes in as many dossiers as argv says and prints their codes; waits for a line on stdin first."""

import sys

import django

django.setup()

from django.utils import timezone  # noqa: E402 - after Django is set up

from khcn.domains.onestop.choices import Channel  # noqa: E402
from khcn.domains.onestop.models import AdministrativeProcedure  # noqa: E402
from khcn.domains.onestop.services import intake  # noqa: E402
from khcn.kernel.orgs.models import Appointment, User  # noqa: E402
from khcn.kernel.orgs.queries import actor_for  # noqa: E402
from khcn.lib.roles import Role  # noqa: E402

person = next(one.person for one in Appointment.objects.all() if Role.ONE_STOP in one.post.roles)
by = actor_for(User.objects.get(person=person), on=timezone.localdate())
procedure = AdministrativeProcedure.objects.get()
sys.stdout.write("ready\n")
sys.stdout.flush()
sys.stdin.readline()
for number in range(int(sys.argv[1])):
    applicant = intake.Applicant(f"Người nộp {number}", phone="0901234567")
    dossier = intake.submit(by=by, procedure=procedure, channel=Channel.COUNTER, applicant=applicant)
    sys.stdout.write(f"{intake.accept(by=by, dossier=dossier).code}\n")
