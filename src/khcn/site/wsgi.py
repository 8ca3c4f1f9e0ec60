"""The WSGI application that granian serves."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from khcn.web.kept_answers import KeptAnswers
from khcn.web.standing_answers import StandingAnswers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khcn.site.settings.dev")
application = KeptAnswers(StandingAnswers(get_wsgi_application()))
# Load every screen before the first visitor comes. What is in memory by now stays as long as the process: kept out of
# the collector's sight, it no longer holds up one page in a few hundred by a tenth of a second.
import_module(settings.ROOT_URLCONF)
gc.collect()
gc.freeze()
