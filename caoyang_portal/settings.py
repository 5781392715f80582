"""One settings module for every place the portal runs; what differs comes from the environment."""

from pathlib import Path

import environ
from celery.schedules import crontab

from caoyang_portal import logs

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", False)
DEMO = env.bool("DEMO", False)  # the demo sign-in page, the outbox page and fixed codes
DEMO_STORIES = [
    "households.demo.story",
    "consultation.demo.story",
    "suggestions.demo.story",
]  # in this order
_local = DEBUG or DEMO
SECRET_KEY = env("SECRET_KEY", default="local-only" if _local else environ.Env.NOTSET)
CONFIDENTIAL_KEYS = env.list(
    "CONFIDENTIAL_KEYS", default=["local-only"] if _local else environ.Env.NOTSET
)
CONFIDENTIAL_INDEX_KEY = env(
    "CONFIDENTIAL_INDEX_KEY", default="local-only" if _local else environ.Env.NOTSET
)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"] if _local else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env("SITE_URL", default="http://localhost:8000")
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 0)  # how many of our own stand before the server

# Served over HTTPS: cookies, HSTS and redirects follow.
SECURE = SITE_URL.startswith("https://")
_host = "__Host-" if SECURE else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{_host}session", f"{_host}csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_AGE = (
    30 * 24 * 3600
)  # the longest; caoyang_portal.signin.middleware ends most earlier
CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

INSTALLED_APPS = [
    "households",
    "consultation",
    "mediation",
    "suggestions",
    "caoyang_portal.publicity",
    "caoyang_portal.notices",
    "caoyang_portal.community",
    "caoyang_portal.ledger",
    "caoyang_portal.uploads",
    "caoyang_portal.calendars",
    "caoyang_portal",
    "rules.apps.AutodiscoverRulesConfig",
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "django_htmx",
    "django_structlog",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "caoyang_portal.middleware.headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "caoyang_portal.request_log.LogRequests",
    "caoyang_portal.middleware.preferences",
    "django.contrib.messages.middleware.MessageMiddleware",
    "caoyang_portal.signin.middleware.lasting",
    "caoyang_portal.signin.middleware.second_factor",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "caoyang_portal.urls"
WSGI_APPLICATION = "caoyang_portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "caoyang_portal.context.portal",
            ],
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "caoyang_portal.community.templatetags.portal",
            ],
        },
    }
]

# The truth is in PostgreSQL; an act owns its transaction.
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": env("DB_NAME", default="caoyang"),
        "USER": env("DB_USER", default="postgres"),
        "PASSWORD": env("DB_PASSWORD", default=""),
        "HOST": env("DB_HOST", default=""),
        "PORT": env("DB_PORT", default=""),
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", None) if env("CONN_MAX_AGE", default="") else None,
        "CONN_HEALTH_CHECKS": True,
        # Prepared statements halve what the database spends on an act (./dev bench).
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 2},
    }
}
FORM_RENDERER = "caoyang_portal.rendering.FormRenderer"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Sessions, one-time codes and rate limits live in PostgreSQL: Redis may be lost at any moment.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 200_000},  # a culled rate limit would be a forgotten one
    },
    "local": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache"
    },  # public figures, a second
    "fast": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": env("CACHE_URL", default="redis://localhost:6379/1"),
    },
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

AUTH_USER_MODEL = "community.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
# Long, and not one everybody has; no rules of composition (ASVS 6.2).
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "caoyang_portal.signin.passwords.Length"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# Signing in: residents by phone and SMS code, office holders by password and second factor.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_request_login_code"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "caoyang_portal.signin.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"phone"}
ACCOUNT_SIGNUP_FIELDS = ["phone*", "password1*"]  # what accounts have; nobody signs up
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 300
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = False  # 65.21: asked for an unknown number, it crashes
ACCOUNT_PHONE_VERIFICATION_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_LOGIN_BY_CODE_FORMAT = ACCOUNT_PHONE_VERIFICATION_CODE_FORMAT
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_RATE_LIMITS = {
    "request_login_code": "30/10m/ip,8/d/key" if DEMO else "30/10m/ip,1/60s/key,4/h/key,8/d/key",
    "login": "30/m/ip",
    "login_failed": "20/10m/ip,5/5m/key",
}
_forms = "caoyang_portal.signin.forms."
ACCOUNT_FORMS = {
    "login": _forms + "LoginForm",
    "request_login_code": _forms + "RequestLoginCodeForm",
    "confirm_login_code": _forms + "ConfirmLoginCodeForm",
    "reauthenticate": _forms + "ReauthenticateForm",
    "change_password": _forms + "ChangePasswordForm",
}
MFA_ADAPTER = "caoyang_portal.signin.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["recovery_codes", "totp", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE  # http://localhost
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": _forms + "SecondFactorForm",
    "reauthenticate": _forms + "SecondFactorAgainForm",
    "activate_totp": _forms + "ActivateTOTPForm",
}
SMS_HOURLY_BUDGET = env.int("SMS_HOURLY_BUDGET", 3000)  # codes; beyond it something is wrong
# One-time codes for acts: at most so many in so many seconds, per person.
CODES_PER_PERSON = [(30, 60)] if DEMO else [(1, 60), (4, 3600), (8, 86400)]

LANGUAGE_CODE = "zh-hans"
ELDER_COOKIE_NAME = "elder"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = env("STATIC_ROOT", default=str(BASE_DIR / ".static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
NODE_MODULES = BASE_DIR / "node_modules"
MEDIA_ROOT = env("MEDIA_ROOT", default=str(BASE_DIR / ".data" / "media"))
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "caoyang_portal.staticfinders.ChosenAppsFinder",
    "caoyang_portal.staticfinders.VendorFinder",
]
APPS_WITH_STATIC = ["allauth.account", "allauth.mfa"]
VENDOR_STATIC = [  # address, folder in node_modules, files; the maps are named by the files
    ("vendor/bootstrap", "bootstrap/dist/css", ["bootstrap.min.css", "bootstrap.min.css.map"]),
    ("vendor/htmx.org", "htmx.org/dist", ["htmx.min.js"]),
    (
        "vendor/signature_pad",
        "signature_pad/dist",
        ["signature_pad.min.js", "signature_pad.min.js.map"],
    ),
]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["png", "webp", "woff2", "map"]
_static = "caoyang_portal.staticfinders.HashedStatic"
if DEBUG:
    _static = "django.contrib.staticfiles.storage.StaticFilesStorage"
if env("S3_BUCKET", default=""):
    _files = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {"bucket_name": env("S3_BUCKET")},
    }
else:
    _files = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
STORAGES = {
    "default": _files,
    "staticfiles": {"BACKEND": env("STATIC_STORAGE", default=_static)},
}

# Papers: fonts, the seal, the time stamp (deploy/seal/README.md)
FONT_DIR = env("FONT_DIR", default=str(BASE_DIR / ".data" / "fonts"))
SEAL_SIGNER = env("SEAL_SIGNER", default="caoyang_portal.documents.keys.file_signer")
SEAL_KEY = env("SEAL_KEY", default="")
SEAL_CERT = env("SEAL_CERT", default="")
SEAL_CHAIN = env("SEAL_CHAIN", default="")
SEAL_PASSPHRASE = env("SEAL_PASSPHRASE", default="")
SEAL_DEMO = env.bool("SEAL_DEMO", _local)  # a demonstration seal where no real one is named
SEAL_DEMO_DIR = env("SEAL_DEMO_DIR", default=str(BASE_DIR / ".data" / "demo-seal"))
TIMESTAMPER = env("TIMESTAMPER", default="caoyang_portal.documents.timestamps.http_timestamper")
TSA_URL = env("TSA_URL", default="")
TSA_ROOTS = env("TSA_ROOTS", default="")

CELERY_BROKER_URL = env("CELERY_BROKER_URL", default="redis://localhost:6379/0")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 600
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = {
    "seal": {"task": "households.seal_due", "schedule": 60},
    "generate": {"task": "households.generate_due", "schedule": 60},
    "rosters": {"task": "households.work_on_rosters", "schedule": 60},
    "watch_signing": {"task": "households.watch_signing", "schedule": 60},
    "polls": {"task": "consultation.watch_polls", "schedule": 60},
    "topics": {"task": "consultation.watch_topics", "schedule": 600},
    "papers": {"task": "consultation.work_on_papers", "schedule": 60},
    "meetings": {"task": "consultation.remind_of_meetings", "schedule": 60},
    "rolls": {"task": "consultation.work_on_rolls", "schedule": 60},
    "congress": {"task": "consultation.watch_congress", "schedule": 900},
    "speakers": {"task": "consultation.forget_unnamed_speakers", "schedule": 3600},
    "house rules": {"task": "consultation.watch_house_rules", "schedule": 900},
    "publicities": {"task": "publicity.watch", "schedule": 60},
    "minutes": {"task": "consultation.watch_minutes", "schedule": 600},
    "minutes papers": {"task": "consultation.work_on_minutes", "schedule": 60},
    "claims": {"task": "suggestions.watch_claims", "schedule": 600},
    "drafts": {"task": "suggestions.watch_drafts", "schedule": 600},
    "opinion batches": {"task": "suggestions.print_batches", "schedule": 60},
    "mailboxes": {"task": "suggestions.watch_mailboxes", "schedule": 3600},
    "campaigns": {"task": "suggestions.end_campaigns", "schedule": 600},
    "suggestions": {"task": "suggestions.watch_suggestions", "schedule": 600},
    "letters": {"task": "households.print_letters", "schedule": 60},
    "exports": {"task": "households.write_exports", "schedule": 60},
    "messages": {"task": "households.release_group_messages", "schedule": 15},
    "deliver": {"task": "ledger.deliver", "schedule": 60, "options": {"expires": 60}},
    "send": {"task": "notices.send_pending", "schedule": 60, "options": {"expires": 60}},
    "checkpoint": {
        "task": "ledger.take_checkpoint",
        "schedule": crontab(minute=10),
    },  # once a day, from 00:10 on
    "sweep": {"task": "community.sweep", "schedule": crontab(hour=3, minute=40)},
    "print checkpoints": {"task": "ledger.print_checkpoints", "schedule": 600},
}

# Which adapter serves a channel (notices/senders.py). The demo keeps messages on its outbox page.
_sender = "caoyang_portal.notices.senders." + ("Console" if _local else "NotConnected")
SMS_SENDER = env("SMS_SENDER", default=_sender)
EMAIL_SENDER = env("EMAIL_SENDER", default=_sender)
WECHAT_SENDER = env("WECHAT_SENDER", default=_sender)
LICENSED_SIGNER = env("LICENSED_SIGNER", default="")  # households/actions/licensed.py
vars().update(env.email_url("EMAIL_URL", default="smtp://localhost:25"))
EMAIL_TIMEOUT = 5
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="portal@localhost")

LOGGING = logs.configuration(env("LOG_LEVEL", default="INFO"))
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = 10  # the line at the end of a request is enough
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = 20
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False  # an address is personal; the proxy keeps it briefly
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = bool(TRUSTED_PROXIES)
