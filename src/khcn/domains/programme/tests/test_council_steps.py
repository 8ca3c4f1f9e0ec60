"""The programme's machine of councils and the kernel's table of council steps say the same."""

from khcn.domains.programme.rules.machines import COUNCIL
from khcn.kernel.procedures.permissions import STEP_OFFICES
from khcn.kernel.procedures.rules import COUNCIL_STEPS


def test_council_machine_and_kernel_steps_join_the_same_states():
    machine = {(row.event, str(row.source), str(row.target)) for row in COUNCIL.transitions}
    kernel = {
        (event, str(source), str(step.target)) for event, step in COUNCIL_STEPS.items() for source in step.sources
    }

    assert kernel == machine


def test_offices_of_the_kernel_are_roles_of_the_machine():
    for row in COUNCIL.transitions:
        assert STEP_OFFICES[row.event] <= set(row.roles), row.event
