"""Settings shared by every way of running; nothing here is a rule of the field."""

from datetime import timedelta

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from khcn.site.settings import environment as env

ROOT = env.ROOT
VAR = env.VAR

DEBUG = False
SECRET_KEY = env.text("KHCN_SECRET_KEY")
SECRET_KEY_FALLBACKS = env.words("KHCN_SECRET_KEY_FALLBACKS")
# Secrets from which council ballots are sealed, newest first; empty: the secret key itself. Keep an old one as long as
# a council that sealed with it has not counted.
BALLOT_KEYS = env.words("KHCN_BALLOT_KEY")
ALLOWED_HOSTS = env.words("KHCN_HOSTS", "127.0.0.1,localhost")
CSRF_TRUSTED_ORIGINS = env.words("KHCN_ORIGINS")
#: Where people outside reach the site; printed papers carry it in their QR codes. Empty: they carry the code only.
PUBLIC_ADDRESS = next(iter(CSRF_TRUSTED_ORIGINS), "")

# Signing with keys made here, marked as test in every certificate and stamp; no legal value.
TEST_SIGNATURES = env.flag("KHCN_TEST_SIGNATURES", True)
# Address of the national portal that takes statuses; empty: none is sent.
PORTAL_URL = env.text("KHCN_PORTAL_URL")
# Whether reports and warnings may be posted to machines inside this network.
PRIVATE_DESTINATIONS = env.flag("KHCN_PRIVATE_DESTINATIONS", False)
# The EU's information system for due diligence statements; without an address drafts are only made and downloaded.
EUDR_ADDRESS = env.text("KHCN_EUDR_ADDRESS")
EUDR_USERNAME = env.text("KHCN_EUDR_USERNAME")
EUDR_KEY = env.text("KHCN_EUDR_KEY")
EUDR_CLIENT_ID = env.text("KHCN_EUDR_CLIENT_ID")
# The broker to which stations publish, mqtt://host:1883 or mqtts://host:8883, and our own account there; empty: nothing
# is received by MQTT. Into the folder of accounts the broker's files are written whenever keys change; empty: nowhere.
MQTT_BROKER = env.text("KHCN_MQTT_BROKER")
MQTT_USERNAME = env.text("KHCN_MQTT_USERNAME", "khcn")
MQTT_PASSWORD = env.text("KHCN_MQTT_PASSWORD")
MQTT_AUTHORITY = env.text("KHCN_MQTT_AUTHORITY")
MQTT_ACCOUNTS = env.text("KHCN_MQTT_ACCOUNTS")
# Time stamp authority (RFC 3161) that stamps signatures made with real keys; empty: they carry no time stamp.
TSA_URL = env.text("KHCN_TSA_URL")
# Folder with the certificates of authorities to which signatures are traced, and their revocation lists (.crl), which
# somebody keeps fresh; empty: none but the test authority.
TRUST_ROOTS = env.text("KHCN_TRUST_ROOTS")

INSTALLED_APPS = [
    "khcn.site",
    "khcn.domains.programme",
    "khcn.domains.onestop",
    "khcn.domains.warnings",
    "khcn.domains.geodata",
    "khcn.domains.hazards",
    "khcn.domains.traceability",
    "khcn.domains.marks",
    "khcn.domains.qms",
    "khcn.kernel.indicators",
    "khcn.kernel.procedures",
    "khcn.kernel.notices",
    "khcn.kernel.documents",
    "khcn.kernel.places",
    "khcn.kernel.orgs",
    "khcn.kernel.schedules",
    "khcn.kernel.events",
    "khcn.kernel.audit",
    "khcn.web",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "axes",
    "csp",
    "django_htmx",
    "template_partials.apps.SimpleAppConfig",
    "django_cotton.apps.SimpleAppConfig",
    "django_filters",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "khcn.site.middleware.Language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "khcn.site.middleware.ContentPolicy",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "khcn.kernel.orgs.middleware.ActorMiddleware",
    "khcn.site.middleware.IdleLock",
    "khcn.site.middleware.SecondFactor",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "khcn.site.urls"
WSGI_APPLICATION = "khcn.site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            # Named here, since cotton and partials would otherwise overwrite each other's loaders.
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "khcn.site.context.shell",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "khcn.web.templatetags.khcn",
            ],
        },
    }
]

DATABASES = {"default": dj_database_url.parse(env.text("DATABASE_URL", f"sqlite:///{VAR / 'khcn.sqlite3'}"))}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# Opening SQLite's file costs ten times what a small page does: its schema is read again and, by whoever closes last,
# its log is written back. The file is replaced only while nobody serves.
DATABASES["default"]["CONN_MAX_AGE"] = 60
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        " PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;",
    }
else:
    # For the statements of khcn.web.rows; behind a pooler that hands out connections per transaction, set it to None.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("prepare_threshold", 5)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "orgs.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "khcn.kernel.orgs.accounts.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "khcn.kernel.orgs.accounts.ProvinceAccountAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True  # the province vouches for the address it sends
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key"}
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "KHCN"
MFA_ADAPTER = "khcn.kernel.orgs.accounts.SecondFactorAdapter"
REQUIRE_SECOND_FACTOR = env.flag("KHCN_REQUIRE_SECOND_FACTOR")
# A link to set a password dies after its first use or these hours.
PASSWORD_RESET_TIMEOUT = env.number("KHCN_RESET_HOURS", 8) * 3600
# Minutes without a request after which a session is locked; the second for those who hold money or the system.
IDLE_MINUTES = env.number("KHCN_IDLE_MINUTES", 60)
IDLE_MINUTES_GUARDED = env.number("KHCN_IDLE_MINUTES_GUARDED", 15)
AXES_FAILURE_LIMIT = env.number("KHCN_LOGIN_FAILURES", 5)
AXES_COOLOFF_TIME = timedelta(hours=env.number("KHCN_LOCKOUT_HOURS", 12))
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "khcn.kernel.orgs.accounts.login_name"
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_RESET_ON_SUCCESS = True
AXES_SENSITIVE_PARAMETERS: list[str] = []
if env.text("KHCN_OIDC_URL"):
    SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "province",
                    "name": env.text("KHCN_OIDC_NAME", "Tài khoản của tỉnh"),
                    "client_id": env.text("KHCN_OIDC_CLIENT"),
                    "secret": env.text("KHCN_OIDC_SECRET"),
                    "settings": {"server_url": env.text("KHCN_OIDC_URL")},
                }
            ],
        }
    }

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Tiếng Việt")), ("en", _("Tiếng Anh"))]
LOCALE_PATHS = [ROOT / "src/khcn/site/locale"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = ["khcn.site.formats"]

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "khcn.web.package_files.PackageFilesFinder",
]
NODE_MODULES = ROOT / "node_modules"
PACKAGE_FILES = {
    "npm/tabler": ("@tabler/core/dist", ["css/tabler.min.css*", "js/tabler.min.js*"]),
    "npm/icons": ("@tabler/icons-webfont/dist", ["tabler-icons.min.css*", "fonts/tabler-icons.*"]),
    "npm/font": (
        "@fontsource/be-vietnam-pro",
        [f"files/be-vietnam-pro-{script}-{weight}-normal.woff2"
         for script in ("vietnamese", "latin") for weight in (400, 500, 600, 700)],
    ),
    "npm/htmx": ("htmx.org/dist", ["htmx.min.js"]),
    "npm/bpmn": (
        "bpmn-js/dist",
        ["bpmn-navigated-viewer.production.min.js", "bpmn-modeler.production.min.js", "assets/*.css",
         "assets/bpmn-font/css/bpmn.css", "assets/bpmn-font/font/bpmn.*"],
    ),
    "npm/echarts": ("echarts/dist", ["echarts.min.js"]),
    "npm/maplibre": ("maplibre-gl/dist", ["maplibre-gl.css", "maplibre-gl.mjs*", "maplibre-gl-worker.mjs*"]),
}  # fmt: skip
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
MEDIA_ROOT = VAR / "files"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = env.number("KHCN_SESSION_HOURS", 8) * 3600
SESSION_SAVE_EVERY_REQUEST = False
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "khcn.site.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY = {"camera": [], "microphone": [], "geolocation": ["self"], "payment": [], "usb": []}

DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
UPLOAD_LIMIT_BYTES = env.number("KHCN_UPLOAD_MB", 50) * 1024 * 1024

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# Warnings: the agency's key and certificate (PEM); without them the test authority signs, and says so.
WARNING_KEY = env.text("KHCN_WARNING_KEY", "")
WARNING_CERTIFICATE = env.text("KHCN_WARNING_CERTIFICATE", "")
WARNING_SENDER_DOMAIN = env.text("KHCN_WARNING_DOMAIN", "khcn.invalid")
WARNING_BASE_URL = env.text("KHCN_BASE_URL", "http://localhost:8000")

EMAIL_BACKEND = env.text("KHCN_EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
EMAIL_HOST = env.text("KHCN_SMTP_HOST", "localhost")
EMAIL_PORT = env.number("KHCN_SMTP_PORT", 25)
EMAIL_HOST_USER = env.text("KHCN_SMTP_USER")
EMAIL_HOST_PASSWORD = env.text("KHCN_SMTP_PASSWORD")
EMAIL_USE_TLS = env.flag("KHCN_SMTP_TLS")
DEFAULT_FROM_EMAIL = env.text("KHCN_EMAIL_FROM", "khcn@localhost")

SILENCED_SYSTEM_CHECKS: list[str] = []
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"khcn": {"level": "INFO"}},
}
