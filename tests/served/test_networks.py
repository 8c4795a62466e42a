"""Behind the documented proxy every network is one of its own, and nobody can pretend to be another."""

from __future__ import annotations

from app.accounts import tries


def wrong(phone, name: str = "nobody-here") -> str:
    """A wrong sign-in; what is said."""
    return phone.post("/sign-in?language=en", {"username": name, "passphrase": "guess"}).location


def failed(app, address: str) -> int:
    """How often tries from an address' network failed today."""
    from app.accounts import rules
    from app.clock import now

    with app.app_context():
        return tries.today(tries.name("network", rules.network_of(address)), at=now())


def test_wrong_tries_count_for_the_network_they_come_from(app, phones) -> None:
    for number in range(3):
        wrong(phones(address=f"127.0.5.{number + 1}"))
    wrong(phones(address="127.0.6.1"))
    assert failed(app, "127.0.5.9") == 3
    assert failed(app, "127.0.6.9") == 1
    assert failed(app, "127.0.0.1") == 0


def test_what_a_browser_claims_of_itself_does_not_get_through(app, phones) -> None:
    phone = phones(address="127.0.5.1")
    typed = {"username": "nobody-here", "passphrase": "guess"}
    claims = {"X_Forwarded_For": "198.51.100.7", "Forwarded": "for=198.51.100.7"}
    phone.post("/sign-in", typed, **claims)
    assert failed(app, "198.51.100.7") == 0
    assert failed(app, "127.0.5.1") == 1
