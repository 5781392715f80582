"""The WSGI entry point."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caoyang_portal.settings")
application = get_wsgi_application()
# What was loaded stays for good: the garbage collector need not walk through it while someone waits.
gc.collect()
gc.freeze()
