"""Seeds an OctoPrint base folder that asks no questions: no wizard, no online checks, a virtual printer."""

import base64
import hashlib
import json
import os

FOR_YEARS = 10 * 365 * 24 * 60  # minutes

# OctoPrint reads YAML, and JSON is YAML.
CONFIG = {
    "devel": {"enableRateLimiter": False, "enableCsrfProtection": False},
    "plugins": {
        "_disabled": ["announcements", "discovery", "health_check"],  # each talks to the outside
        "errortracking": {"enabled": False},
        # Found on the disk, the lists of plugins and of notices are not asked for.
        "pluginmanager": {"notices": "", "notices_ttl": FOR_YEARS, "repository": "", "repository_ttl": FOR_YEARS},
        "softwareupdate": {"check_overlay_url": "", "checks": {"octoprint": {"disabled": True}}},
        "tracking": {"enabled": False},
        "virtual_printer": {"enabled": True},
    },
    "server": {
        "firstRun": False,
        # Otherwise OctoPrint starts without its plugins after it was killed once.
        "ignoreIncompleteStartup": True,
        "onlineCheck": {"enabled": False},
        "pluginBlacklist": {"enabled": False},  # OctoPrint 1
        "pluginBlocklist": {"enabled": False},  # OctoPrint 2
        "pythonEolCheck": {"enabled": False},
        "secretKey": "only-for-this-throw-away-folder",
        "seenWizards": {"backup": None, "corewizard": 4, "file_check": 1, "tracking": None},
    },
}

# OctoPrint 2 takes over these settings of OctoPrint 1 when it starts.
AUTOCONNECT = {"serial": {"autoconnect": True, "port": "VIRTUAL", "baudrate": 115200}}

# Group "guests" has no permission at all; "readonly" has STATUS and SETTINGS_READ, "users" also control.
GROUPS = {"admin": "admins", "user": "users", "reader": "readonly", "nobody": "guests"}


def seed(folder, users, config=None):
    """Write config.yaml and users.yaml, and empty lists for the Plugin Manager.

    ``users`` maps each name to its group; the password is the name, the API key see ``api_key``.
    ``config`` is merged over CONFIG.
    """
    accounts = {name: _account(name, group) for name, group in users.items()}
    for name in ("plugins", "notices"):
        _write(folder / "data" / "pluginmanager" / f"{name}.json", [])
    _write(folder / "users.yaml", {"_version": 2, **accounts})
    _write(folder / "config.yaml", _merge(CONFIG, config or {}))


def is_seeded(folder):
    """Whether all that ``seed`` writes is there."""
    return (folder / "config.yaml").exists()


def api_key(name):
    """The API key of a seeded user."""
    return hashlib.md5(name.encode(), usedforsecurity=False).hexdigest().upper()


def _account(name, group):
    return {
        "active": True,
        "apikey": api_key(name),
        "groups": [group],
        "password": _password_hash(name),
        "permissions": [],
        "roles": ["user", "admin"] if group == "admins" else ["user"],
        "settings": {},
    }


def _password_hash(password):
    """In the notation of passlib's pbkdf2_sha256, which every OctoPrint reads."""
    salt = os.urandom(16)
    digest = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, 29000)
    encoded = [base64.b64encode(part).decode().rstrip("=").replace("+", ".") for part in (salt, digest)]
    return "$pbkdf2-sha256$29000${}${}".format(*encoded)


def _merge(base, over):
    both = {key: _merge(base[key], over[key]) for key in base.keys() & over.keys() if isinstance(base[key], dict)}
    return {**base, **over, **both}


def _write(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, indent=2))
