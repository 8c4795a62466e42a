"""`flask --app wsgi …`: setting up, adding staff, checking the audit trail, serving."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from flask_migrate import upgrade

from app.accounts import joining, passphrases, rules
from app.accounts.line import Cost
from app.accounts.models import User
from app.accounts.queries import by_username
from app.assignments import assigning, closing
from app.audit import trail
from app.audit.head import begin
from app.audit.verifying import verify
from app.cli import letting_go, upkeep
from app.cli.developing import dev
from app.cli.sweeping import sweep_now
from app.clock import now
from app.errors import RuleBroken
from app.extensions import db
from app.people import places as places_
from app.policy import ROLES
from app.upkeep import backing_up
from app.upkeep.checks import NEWEST, revision_of
from app.upkeep.copying import attach_migrations
from app.web import transaction

LATELY = 100_000  # rows that are checked unless more are asked for
NOT_BEGUN = (
    "The recovery key vouches for no row: the trail is older than that, and `flask --app wsgi audit "
    "begin` was never run; or else whoever had the server wrote all of it anew."
)
PASSPHRASE_WORDS = 5  # of 7,776: 64 bits
ZONES = ("Asia/Jerusalem", "Asia/Hebron", "Asia/Gaza")


def init_app(app: Flask) -> None:
    """Hang the commands on `flask`, those of the migrations among them."""
    attach_migrations(app)
    for command in (
        *(init, place, staff, audit, demo, serve, dev, sweep_now, letting_go.let_go_now),
        *upkeep.COMMANDS,
    ):
        app.cli.add_command(command)


@click.command()
@click.option("--username", default="", help="Two random words unless given.")
@click.option("--name", default="الإدارة", help="What colleagues call this person at work.")
def init(username: str, name: str) -> None:
    """Set up an empty organisation and its first administrator."""
    upgrade()
    if joining.exists():
        raise click.ClickException("This organisation is already set up.")
    recovery = joining.found()
    click.echo("The organisation's recovery key. Print it, keep it offline, in two places:")
    click.echo(f"\n    {recovery}\n")
    upkeep.show_backup_key(backing_up.new_key())
    _add(username, name, ("administrator",), "ar")
    transaction.commit()


staff = AppGroup("staff", help="Members of staff.")


@staff.command("add")
@click.option("--username", default="", help="Two random words unless given.")
@click.option("--name", required=True, help="What colleagues call this person at work.")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(ROLES))
@click.option("--language", default="ar", type=click.Choice(["ar", "en"]))
@click.option("--place", "places", multiple=True, help="A place they coordinate.")
def add_staff(
    username: str, name: str, roles: tuple[str, ...], language: str, places: tuple[str, ...]
) -> None:
    """Add a member of staff and show their passphrase and recovery code once."""
    if not joining.exists():
        raise click.ClickException("Run `flask --app wsgi init` first.")
    user = _add(username, name, roles, language)
    for place in places:
        site = places_.named(place)
        if site is None:
            raise click.ClickException(f"No place is called {place}: see `place add`.")
        try:
            places_.coordinate(user, site, at=now())
        except RuleBroken as broken:
            raise click.ClickException(str(broken)) from broken
    transaction.commit()


@staff.command("recover")
@click.argument("username")
@click.option("--key", prompt="The organisation's recovery key", hide_input=True)
def recover_staff(username: str, key: str) -> None:
    """Give somebody what their assignments entitle them to, where no colleague can any more."""
    user = by_username(username)
    if user is None or user.left_at is not None:
        raise click.ClickException("Nobody on the staff has this user name.")
    try:
        given = assigning.give_back(joining.recovery_keyring(key), user)
    except RuleBroken as broken:
        raise click.ClickException(str(broken)) from broken
    transaction.commit()
    click.echo(f"{given} keys given back.")


@staff.command("reopen")
@click.argument("username")
@click.option("--key", prompt="The organisation's recovery key", hide_input=True)
def reopen_staff(username: str, key: str) -> None:
    """Open somebody's access again where no colleague is left who can."""
    user = by_username(username)
    if user is None:
        raise click.ClickException("Nobody on the staff has this user name.")
    try:
        closing.lift(joining.recovery_keyring(key), user.uid)
    except RuleBroken as broken:
        raise click.ClickException(str(broken)) from broken
    transaction.commit()
    click.echo("Their access is open again.")


place = AppGroup("place", help="Places where the organisation works.")


@place.command("add")
@click.option("--name", required=True, help="The name in Arabic.")
@click.option("--name-en", required=True, help="The name in English.")
@click.option("--zone", required=True, type=click.Choice(ZONES))
@click.option("--phone-region", default="PS", type=click.Choice(["PS", "IL"]))
def add_place(name: str, name_en: str, zone: str, phone_region: str) -> None:
    """Add a place; then give it a coordinator with `staff add --place`."""
    try:
        places_.add(name, name_en, zone=zone, phone_region=phone_region)
    except RuleBroken as broken:
        raise click.ClickException(str(broken)) from broken
    transaction.commit()


audit = AppGroup("audit", help="The audit trail.")


@audit.command("verify")
@click.option(
    "--head",
    callback=upkeep.kept_head,
    help="A head printed earlier, as 123:abcdef…: shows what was cut or written anew since.",
)
@click.option("--all", "everything", is_flag=True, help=f"Not the last {LATELY:,} rows alone.")
@click.option(
    "--key",
    prompt="The organisation's recovery key",
    prompt_required=False,
    hide_input=True,
    help="Check the MAC of every row with the recovery key, which is asked for.",
)
def verify_trail(head: tuple[int, bytes] | None, everything: bool, key: str | None) -> None:
    """Check that nobody changed the trail; print its head, to be kept elsewhere."""
    try:
        recovery_key = joining.recovery_keyring(key).private_key if key else b""
        verdict = verify(
            head,
            newest=None if everything or key else LATELY,
            recovery_key=recovery_key,
            pause=transaction.pause,
        )
    except RuleBroken as broken:
        raise click.ClickException(str(broken)) from broken
    if verdict.broken_at is not None:
        raise click.ClickException(f"The trail does not fit at row {verdict.broken_at}.")
    if key and verdict.vouched_from is None:
        raise click.ClickException(NOT_BEGUN)
    if key:
        click.echo(f"From row {verdict.vouched_from} on the recovery key vouches for each row.")
    if verdict.rows > LATELY and not (everything or key):
        since = head[0] if head and head[0] < verdict.rows - LATELY else verdict.rows - LATELY
        click.echo(f"Checked: the rows since {since}; --all checks every one.")
    click.echo(f"{verdict.rows} rows fit together. Head: {verdict.rows}:{verdict.head.hex()}")


@audit.command("begin")
@click.option("--key", prompt="The organisation's recovery key", hide_input=True)
def begin_trail(key: str) -> None:
    """Let the trail's keys begin anew from the recovery key.

    After the upgrade to keys that move on, and after a restore: then whoever
    takes the server later cannot rewrite what was written until then.
    """
    try:
        recovery_key = joining.recovery_keyring(key).private_key
    except RuleBroken as broken:
        raise click.ClickException(str(broken)) from broken
    begin(recovery_key)
    trail.record("trail-begun", "trail", "")
    transaction.commit()
    click.echo("From now on the recovery key vouches for each row.")


@click.command()
def demo() -> None:
    """Migrate, and fill an invented organisation once (only with DAFTAR_DEMO=1)."""
    from app.demo.organisation import fill

    if not current_app.config["DAFTAR"].demo:
        raise click.ClickException("Set DAFTAR_DEMO=1: the demo never mixes with real people.")
    if revision_of(db.engine) < NEWEST:
        upgrade()
    path = Path(current_app.instance_path) / "demo-accounts.json"
    if not joining.exists():
        accounts = fill(passphrases.new_words)
        transaction.commit()
        path.touch(mode=0o600)
        path.write_text(json.dumps(accounts, ensure_ascii=False, indent=1) + "\n")
    if path.exists():
        for account in json.loads(path.read_text()):
            roles = ", ".join(account["roles"])
            click.echo(f"  {account['username']:<12} {account['passphrase']:<44} {roles}")


@click.command()
@click.option("--host", default=lambda: os.environ.get("HOST", "127.0.0.1"))
@click.option("--port", default=lambda: os.environ.get("PORT", "8000"), type=int)
def serve(host: str, port: int) -> None:
    """Serve with waitress: six threads, slow phones buffered, nothing spilled to a temporary file."""
    # The process begins anew, without what the commands have in memory.
    program = str(Path(current_app.root_path).parent / "wsgi.py")
    settings = os.environ | {"HOST": host, "PORT": str(port)}
    os.execve(sys.executable, [sys.executable, program], settings)  # noqa: S606 - our own file


def _add(username: str, name: str, roles: tuple[str, ...], language: str) -> User:
    username = username or "-".join(passphrases.new_words(2))
    if by_username(username):
        raise click.ClickException("This user name exists already.")
    passphrase, code = "-".join(passphrases.new_words(PASSPHRASE_WORDS)), rules.new_recovery_code()
    user = joining.add_user(
        username=username,
        working_name=name,
        roles=roles,
        language=language,
        passphrase=passphrase,
        recovery_code=code,
        cost=Cost(*current_app.config["DAFTAR"].passphrase_cost),
        at=now(),
    )
    click.echo(f"User name:      {username}")
    click.echo(f"Passphrase:     {passphrase}")
    click.echo(f"Recovery code:  {code}   (printed once; opens everything the passphrase opens)")
    return user
