"""Settings of one installation, read from the environment (docs/settings.md)."""

from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config import env

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = BASE_DIR / env.text("LINLI_VAR", "var")
MODE = env.text("LINLI_MODE", "local")
if MODE not in {"local", "production", "test"}:
    raise ImproperlyConfigured("LINLI_MODE must be local, production or test.")
PRODUCTION = MODE == "production"
DEBUG = env.flag("LINLI_DEBUG", default=False)
SECRET_KEY = env.kept_secret("LINLI_SECRET", VAR / "secret.key")
SEAL_KEY = env.kept_secret("LINLI_SEAL_KEY", VAR / "seal.key")
SEAL_OLD_KEYS = env.words("LINLI_SEAL_OLD_KEYS")
SEAL_PROFILE = env.text("LINLI_SEAL_PROFILE", "aes")
if SEAL_PROFILE not in {"aes", "sm4"}:
    raise ImproperlyConfigured("LINLI_SEAL_PROFILE must be aes or sm4.")
TLS = env.text("LINLI_TLS", "")
ALLOWED_HOSTS = env.words("LINLI_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("LINLI_ORIGINS")
TOWN_NAME = env.text("LINLI_TOWN_NAME", "邻里 Linli")
TOWNSHIP = env.text("LINLI_TOWNSHIP")
PUBLIC_ADDRESS = env.text("LINLI_ADDRESS", "http://127.0.0.1:8000")

if PRODUCTION:
    if any(len(env.text(name)) < env.SHORTEST for name in ("LINLI_SECRET", "LINLI_SEAL_KEY")):
        raise ImproperlyConfigured(
            "Production needs LINLI_SECRET and LINLI_SEAL_KEY, 32 characters or more each."
        )
    if DEBUG:
        raise ImproperlyConfigured("Production refuses to start with LINLI_DEBUG=yes.")
    if TLS not in {"proxy", "direct"}:
        raise ImproperlyConfigured(
            "Production needs LINLI_TLS=proxy (a proxy sets X-Forwarded-Proto) or LINLI_TLS=direct."
        )

SECURE = TLS in {"proxy", "direct"}
if TLS == "proxy":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 60 * env.number("LINLI_SESSION_HOURS", 12)
CSRF_FAILURE_VIEW = "linli.kit.answers.csrf_failure"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "worker-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "linli.kit",
    "linli.audit",
    "linli.offices",
    "linli.privacy",
    "linli.areas",
    "linli.duties",
    "linli.channels",
    "linli.documents",
    "linli.cases",
    "linli.analytics",
    "linli.transparency",
    "linli.site",
    "linli.demo",
]
INSTALLED_APPS += [  # after ours: an earlier app's templates and translations win
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "csp",
    "django_htmx",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "linli.kit.middleware.Refusals",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "linli.offices.middleware.ActingMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {
    "default": env.database(env.text("LINLI_DATABASE", f"sqlite:///{VAR / 'linli.sqlite3'}"))
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILES_ROOT = VAR / "files"
FILE_MAX_BYTES = env.number("LINLI_FILE_MAX_MB", 20) * 1024 * 1024

AUTH_USER_MODEL = "offices.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 10}  # type: ignore[assignment]  # NIST SP 800-63B
ACCOUNT_ADAPTER = "linli.offices.requests.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_RATE_LIMITS = {"login_failed": "20/5m/ip,10/10m/key"}  # key: a name, or whose codes
ACCOUNT_SESSION_REMEMBER = False  # shared counters: a session ends with the browser
ACCOUNT_PASSWORD_CHANGE_REDIRECT_URL = "/"  # noqa: S105 - an address
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if TLS == "proxy" else 0
SECOND_FACTOR_POWERS = frozenset(
    env.words("LINLI_SECOND_FACTOR", "look,privacy,audit,admin" if PRODUCTION else "look")
)
USERSESSIONS_TRACK_ACTIVITY = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "add_webauthn": "linli.offices.forms.AddKeyForm",
    "edit_webauthn": "linli.offices.forms.RenameKeyForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
MFA_TOTP_ISSUER = "Linli"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_CALLABLE = "linli.offices.requests.locked_out"
AXES_USERNAME_CALLABLE = "linli.offices.requests.attempted_name"
AXES_CLIENT_IP_CALLABLE = "linli.offices.requests.client_address"
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
TIME_ZONE = env.text("LINLI_TIME_ZONE", "Asia/Shanghai")
USE_I18N = USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(FILES_ROOT)},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG or MODE == "test"

EMAIL_BACKEND = env.text("LINLI_EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
EMAIL_HOST = env.text("LINLI_EMAIL_HOST", "127.0.0.1")
EMAIL_PORT = env.number("LINLI_EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("LINLI_EMAIL_USER")
EMAIL_HOST_PASSWORD = env.text("LINLI_EMAIL_PASSWORD")
EMAIL_USE_TLS = env.flag("LINLI_EMAIL_TLS", default=False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("LINLI_EMAIL_FROM", "linli@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.text("LINLI_LOG", "INFO")},
}

if MODE == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    AXES_ENABLED = False
