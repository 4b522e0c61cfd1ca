"""What is deployed fits together: composition, environment, lock, README. No Docker is needed to see that."""

from __future__ import annotations

import re
import stat
import tomllib
from pathlib import Path

import pytest
import yaml
from django.test import Client
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = (ROOT / "qa_portal/settings/base.py").read_text(encoding="utf-8")
COMPOSE_TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load(COMPOSE_TEXT)
SERVICES = COMPOSE["services"]
OURS = ("migrate", "web", "worker", "scheduler")
ENTRYPOINT = (ROOT / "deploy/entrypoint.sh").read_text(encoding="utf-8")
#: without these production does not start, or does not do its work
REQUIRED = {
    "SECRET_KEY",
    "SITE_URL",
    "ALLOWED_HOSTS",
    "DATABASE_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "MEDIA_ROOT",
    "BEHIND_PROXY",
}


def read_by_settings() -> set[str]:
    return set(re.findall(r"""\benv(?:\.\w+)?\(\s*["']([A-Z_]+)["']""", SETTINGS))


def asked_by_compose() -> set[str]:
    return set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", COMPOSE_TEXT))


def named_in_example() -> set[str]:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    return set(re.findall(r"^(?:# )?([A-Z_]+)=", text, re.MULTILINE))


# -- composition -----------------------------------------------------------------------------------
def test_every_process_of_production_is_there():
    assert set(SERVICES) == {"postgres", "redis", *OURS, "proxy"}


@pytest.mark.parametrize("name", OURS)
def test_a_process_of_ours_starts_by_a_word_that_the_entrypoint_knows(name):
    (word,) = SERVICES[name]["command"]
    assert word == name
    assert re.search(rf"^  {word}\)$", ENTRYPOINT, re.MULTILINE)


@pytest.mark.parametrize("name", OURS)
def test_a_process_of_ours_is_given_only_what_settings_read(name):
    service = SERVICES[name]
    assert service["env_file"] == ".env"
    assert set(service["environment"]) <= read_by_settings()


@pytest.mark.parametrize("name", OURS)
def test_the_composition_overrides_the_switches_of_a_demo(name):
    assert (SERVICES[name]["environment"]["DEBUG"], SERVICES[name]["environment"]["DEMO"]) == ("0", "0")


@pytest.mark.parametrize("name", ["web", "worker", "scheduler"])
def test_nothing_starts_before_the_database_is_up_to_date(name):
    assert SERVICES[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_there_is_exactly_one_scheduler_and_more_than_one_web_process():
    assert SERVICES["scheduler"]["deploy"]["replicas"] == 1
    assert SERVICES["web"]["deploy"]["replicas"] >= 2
    assert re.search(r"celery -A qa_portal worker --concurrency 2\b", ENTRYPOINT)


def test_web_and_worker_share_the_files_and_the_proxy_does_not_see_them():
    place = SERVICES["web"]["environment"]["MEDIA_ROOT"]
    assert f"media:{place}" in SERVICES["web"]["volumes"]
    assert f"media:{place}" in SERVICES["worker"]["volumes"]
    assert not any(volume.startswith(("media", "database")) for volume in SERVICES["proxy"]["volumes"])


def test_only_web_and_worker_see_the_keys_of_surveys():
    place = SERVICES["web"]["environment"]["SURVEY_KEY_DIR"]
    seeing = {name for name, service in SERVICES.items() for volume in service.get("volumes", ()) if "keys:" in volume}
    assert seeing == {"web", "worker"}
    assert f"keys:{place}" in SERVICES["worker"]["volumes"]
    assert not place.startswith(SERVICES["web"]["environment"]["MEDIA_ROOT"])


def test_only_the_proxy_is_open_to_the_outside():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]


def test_the_database_is_made_for_kazakh():
    arguments = SERVICES["postgres"]["environment"]["POSTGRES_INITDB_ARGS"]
    assert "--encoding=UTF8" in arguments
    assert "--locale-provider=icu" in arguments


def test_every_volume_is_declared():
    used = {v.partition(":")[0] for s in SERVICES.values() for v in s.get("volumes", []) if v[0] not in "./$"}
    assert used == set(COMPOSE["volumes"])


# -- proxy and image ---------------------------------------------------------------------------------
def test_the_proxy_lets_through_more_than_the_largest_file_the_portal_may_take():
    conf = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")
    most = re.search(
        r"^declare\(\s*\"files\.largest_mb\".*?high=(\d+)", (ROOT / "qa_portal/web/files.py").read_text(), re.S | re.M
    )
    assert int(re.search(r"client_max_body_size (\d+)m;", conf)[1]) > int(most[1])


def test_the_proxy_writes_anew_what_the_portal_believes():
    conf = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")
    assert "proxy_set_header X-Forwarded-Proto $scheme;" in conf
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in conf


def test_the_proxy_waits_longer_than_the_web_process_waits_for_a_paper():
    conf = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")
    patience = int(re.search(r"^PATIENCE = (\d+)", (ROOT / "qa_portal/reports/hooks.py").read_text(), re.M)[1])
    gunicorn = int(re.search(r"--timeout (\d+)", ENTRYPOINT)[1])
    assert patience < gunicorn < int(re.search(r"proxy_read_timeout (\d+)s;", conf)[1])


def test_the_image_runs_as_nobody_in_particular_and_takes_what_the_build_needs():
    image = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert re.findall(r"^USER (\w+)", image, re.M) == ["portal"]
    assert image.rindex("\nUSER portal") < image.index("\nENTRYPOINT")
    allowed = set(re.findall(r"^!(\S+)", (ROOT / ".dockerignore").read_text(), re.M))
    copied = set(re.findall(r"^COPY (?!--from)(.+) \S+$", image, re.M))
    named = {Path(path).parts[0] for line in copied for path in line.split() if path != "."}
    assert named <= allowed
    assert {path.name for path in ROOT.iterdir() if (path / "__init__.py").exists()} - {"tests", "bench"} <= allowed
    assert not {".env", "var", ".git", "."} & allowed


@pytest.mark.parametrize("name", ["deploy/entrypoint.sh", "deploy/system.sh", ".ci/run"])
def test_what_is_started_by_its_path_may_be_run(name):
    assert (ROOT / name).stat().st_mode & stat.S_IXUSR


# -- environment ---------------------------------------------------------------------------------------
def test_the_example_names_only_what_is_read():
    assert named_in_example() <= read_by_settings() | asked_by_compose()


def test_the_example_names_all_that_production_needs():
    assert named_in_example() >= REQUIRED | asked_by_compose()
    assert read_by_settings() >= REQUIRED


def test_the_example_holds_no_secret():
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert re.search(r"^SECRET_KEY=$", text, re.M)
    assert re.search(r"^POSTGRES_PASSWORD=$", text, re.M)


# -- README ------------------------------------------------------------------------------------------------
def test_the_readme_opens_with_the_two_commands_and_all_its_commands_exist():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][a-z0-9-]*):", (ROOT / "Makefile").read_text(), re.M))
    named = re.findall(r"\bmake ([a-z][a-z0-9-]*)", text)
    assert named[:2] == ["demo", "test"]
    assert text.index("make test") < 300
    assert set(named) <= targets


def test_links_between_documents_lead_somewhere():
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    assert len(pages) > 10
    links = [(page, link) for page in pages for link in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8"))]
    # Screenshots are taken from the running portal, after everything else.
    ours = [(page, link) for page, link in links if not link.startswith("http") and "screenshots" not in link]
    assert ours
    missing = [f"{page.name}: {link}" for page, link in ours if not (page.parent / link).exists()]
    assert missing == []


# -- one house ------------------------------------------------------------------------------------------------
LEFT_OUT = {".git", ".venv", "var", "node_modules", "vendor", "__pycache__", "docs"}


def project_files() -> list[Path]:
    found, waiting = [], [ROOT]
    while waiting:
        for path in waiting.pop().iterdir():
            if path.is_dir():
                if path.name not in LEFT_OUT and not path.name.endswith("_cache"):
                    waiting.append(path)
            elif path.suffix not in {".mo", ".png", ".woff2", ".ttf", ".pdf"} and path != Path(__file__):
                found.append(path)
    return found


def test_nothing_that_runs_refers_to_the_room_next_door():
    files = project_files()
    assert len(files) > 200
    guilty = [
        str(path.relative_to(ROOT))
        for path in files
        if re.search(rb"\.\./shared|/work/(shared|main)", path.read_bytes())
    ]
    assert guilty == []


# -- the lock ---------------------------------------------------------------------------------------------------
def locked(name: str) -> dict[str, tuple[str, int]]:
    """{package: (version, number of hashes)} of a requirements file."""
    blocks = re.split(r"\n(?=\S)", (ROOT / name).read_text(encoding="utf-8").strip())
    found = {}
    for block in blocks:
        match = re.match(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", block)
        if match:
            found[canonicalize_name(match[1])] = (match[2], block.count("--hash=sha256:"))
        else:
            assert block.startswith("#"), block[:80]
    return found


PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DIRECT = PROJECT["project"]["dependencies"]
DEV = PROJECT["dependency-groups"]["dev"]


@pytest.mark.parametrize(
    ("file", "wanted"),
    [("requirements.txt", DIRECT), ("requirements-dev.txt", DIRECT + DEV)],
    ids=["running", "developing"],
)
def test_the_lock_holds_every_direct_dependency_in_a_version_that_fits(file, wanted):
    lock = locked(file)
    requirements = [Requirement(line) for line in wanted]
    unmet = [
        str(r)
        for r in requirements
        if not r.specifier.contains(lock.get(canonicalize_name(r.name), ("0", 0))[0], prereleases=True)
    ]
    assert unmet == []


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_every_package_of_the_lock_is_hashed_and_names_no_host(file):
    lock = locked(file)
    assert len(lock) > len(DIRECT)
    assert [name for name, (_version, hashes) in lock.items() if not hashes] == []
    assert "://" not in (ROOT / file).read_text(encoding="utf-8")


def test_both_locks_agree():
    running, developing = locked("requirements.txt"), locked("requirements-dev.txt")
    assert {name: version for name, version in running.items() if developing.get(name) != version} == {}


def test_every_direct_dependency_has_its_reason_in_the_record():
    record = (ROOT / "docs/decisions/0001-stack.md").read_text(encoding="utf-8")
    short = {"pytest-django": "-django", "pytest-xdist": "-xdist", "pytest-randomly": "-randomly"}
    assert [r.name for r in map(Requirement, DIRECT + DEV) if short.get(r.name, r.name) not in record] == []


# -- probes ------------------------------------------------------------------------------------------------------
@pytest.fixture
def behind_tls(settings):
    settings.SECURE_SSL_REDIRECT = True
    return Client()


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_a_probe_from_inside_is_answered_without_tls(behind_tls, address):
    assert behind_tls.get(address).status_code == 200


def test_everything_else_is_led_to_tls(behind_tls):
    answer = behind_tls.get("/accounts/login/")
    assert (answer.status_code, answer["Location"]) == (301, "https://testserver/accounts/login/")


@pytest.mark.django_db
def test_readiness_names_what_does_not_answer(settings):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    }
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"database": True, "cache": False})
