"""Seats, tokens, roles and limits of a station."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from samruk.errors import InputError
from samruk.station import session
from samruk.station.session import Browser, Discreet, Outbox, Seats, check_address, is_own_page, may, token_of


@pytest.fixture
def seats() -> Seats:
    return Seats({"left": "pilot", "right": "payload", "chief": "commander", "guest": "observer"})


def sit(seats: Seats, name: str) -> Browser:
    """A browser at a seat."""
    browser = seats.join(next(each for each in seats.seats if each.id == name))
    assert browser is not None
    return browser


def ask(seats: Seats, browser: Browser, wall: float = 0.0, **asked: Any) -> session.Heard:
    """A message of a browser."""
    return seats.hears(browser, json.dumps(asked), wall)


def test_a_token_opens_its_own_seat_and_no_other(seats: Seats) -> None:
    tokens = {each.token for each in seats.seats}
    assert len(tokens) == 4
    assert min(len(each) for each in tokens) >= 43  # 256 bits in base 64
    for seat in seats.seats:
        assert seats.admit(seat.token) is seat
    for wrong in ("", "x", seats.seats[0].token[:-1], seats.seats[0].token + "x", "\ud800", "ä"):
        assert seats.admit(wrong) is None


def test_a_token_is_not_shown_by_accident(seats: Seats) -> None:
    assert seats.seats[0].token not in repr(seats.seats[0])
    assert "#token=" in seats.url(seats.seats[0], "http://127.0.0.1:8080/")


def test_a_short_token_and_an_unknown_role_are_refused() -> None:
    with pytest.raises(InputError, match="16 or more"):
        Seats({"left": "pilot"}, {"left": "secret"})
    with pytest.raises(InputError, match="Allowed: pilot"):
        Seats({"left": "captain"})


@pytest.mark.parametrize(
    ("role", "asked", "allowed"),
    [
        ("pilot", {"t": "command", "kind": "take_off"}, True),
        ("pilot", {"t": "upload", "kind": "mission"}, True),
        ("pilot", {"t": "authority", "step": "override"}, False),
        ("pilot", {"t": "instructor", "what": "failure"}, False),
        ("commander", {"t": "authority", "step": "override"}, True),
        *[("payload", {"t": "command", "kind": kind}, True) for kind in ("point_at", "point_angles", "release_turret")],
        ("payload", {"t": "command", "kind": "land"}, False),
        ("payload", {"t": "upload", "kind": "mission"}, False),
        ("payload", {"t": "authority", "step": "request", "loi": 3}, True),
        ("payload", {"t": "authority", "step": "request", "loi": 4}, False),
        ("payload", {"t": "authority", "step": "request"}, False),
        ("maintainer", {"t": "command", "kind": "engine_start"}, True),
        ("maintainer", {"t": "command", "kind": "goto"}, False),
        ("maintainer", {"t": "set_parameter"}, True),
        ("instructor", {"t": "instructor", "what": "failure"}, True),
        ("instructor", {"t": "command", "kind": "land"}, False),
        ("observer", {"t": "select"}, True),
        ("observer", {"t": "set_language"}, False),
        ("pilot", {"t": "set_language"}, True),
        ("observer", {"t": "acknowledge"}, False),
        ("observer", {"t": "command", "kind": "land"}, False),
        ("nobody", {"t": "command", "kind": "land"}, False),
    ],
)
def test_each_role_may_do_its_own_and_no_more(role: str, asked: dict[str, Any], allowed: bool) -> None:
    assert (may(role, asked) == "") is allowed


@pytest.mark.parametrize("text", ["\\ud800", "\\udfff", "\\udc00\\ud800"])
def test_half_a_letter_is_refused_and_a_whole_one_is_not(seats: Seats, text: str) -> None:
    page = sit(seats, "left")
    assert seats.hears(page, f'{{"t":"command","kind":"land","id":"{text}"}}', 0.0).asked is None
    whole = seats.hears(page, '{"t":"command","kind":"land","id":"\\ud83d\\ude00"}', 0.0).asked
    assert whole is not None
    assert whole["id"] == "\U0001f600"


def test_a_second_page_at_a_seat_watches_until_the_first_goes(seats: Seats) -> None:
    first, second = sit(seats, "left"), sit(seats, "left")
    assert ask(seats, first, t="command", kind="land").asked
    assert "watches" in ask(seats, second, t="command", kind="land").refusal
    assert ask(seats, second, t="select", sysid=1).asked, "it may look where it likes"
    seats.leave(first)
    assert ask(seats, second, t="command", kind="land").asked


def test_a_seat_holds_a_bounded_number_of_pages(seats: Seats) -> None:
    for _ in range(session.BROWSERS):
        sit(seats, "guest")
    assert seats.join(seats.seats[3]) is None


def test_a_greedy_page_is_slowed_and_then_let_go(seats: Seats) -> None:
    page = sit(seats, "left")
    heard = [ask(seats, page, t="select", sysid=1) for _ in range(200)]
    taken = [each for each in heard if each.asked]
    assert len(taken) == session.BURST
    assert heard[-1].close == session.CLOSE_GREEDY
    assert ask(seats, page, wall=10.0, t="select", sysid=1).asked


@pytest.mark.parametrize(
    "data",
    [
        "", "{", "[]", "null", "1e999", '"x"', '{"t":1}', '{"a":1}', "NaN",
        '{"t":"select","x":NaN}', '{"t":"select","x":1e999}', b"\x00\xff",
        "[" * 100000, '{"t":' * 20, "x" * (session.LONGEST + 1), "\ud800", '{"t":"\\ud800"}', "9" * 5000,
    ],
)  # fmt: skip
def test_what_is_no_message_is_refused_in_one_line(seats: Seats, data: str | bytes) -> None:
    heard = seats.hears(sit(seats, "left"), data, 0.0)
    assert heard.asked is None
    assert heard.refusal
    assert "\n" not in heard.refusal


def test_a_slow_page_gets_the_newest_picture_and_a_bounded_line() -> None:
    outbox = Outbox(most=3)
    for k in range(1000):
        outbox.picture(b"%d" % k)
    assert (len(outbox), outbox.next(), outbox.next(), outbox.dropped) == (1, b"999", None, 999)
    for k in range(3):
        outbox.event(b"%d" % k)
    assert not outbox.overrun
    outbox.event(b"one too many")
    assert outbox.overrun
    assert len(outbox) == 0


def test_events_go_before_the_picture() -> None:
    outbox = Outbox()
    outbox.picture(b"picture")
    outbox.event(b"event")
    assert [outbox.next(), outbox.next(), outbox.next()] == [b"event", b"picture", None]


@pytest.mark.parametrize("host", ["127.0.0.1", "127.5.0.1", "localhost", "::1", "[::1]"])
def test_the_own_machine_needs_no_certificate(host: str) -> None:
    check_address(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org", ""])
def test_others_are_not_let_in_without_tls(host: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="without TLS"):
        check_address(host)
    certificate, key = tmp_path / "c.pem", tmp_path / "k.pem"
    with pytest.raises(InputError, match="is not a file"):
        check_address(host, certificate, key)
    certificate.touch()
    with pytest.raises(InputError, match="needs its key"):
        check_address(host, certificate)
    key.touch()
    check_address(host, certificate, key)


@pytest.mark.parametrize(
    ("origin", "host", "own"),
    [
        ("http://127.0.0.1:8080", "127.0.0.1:8080", True),
        (None, "127.0.0.1:8080", True),
        ("http://evil.example", "127.0.0.1:8080", False),
        ("http://127.0.0.1:9999", "127.0.0.1:8080", False),
        ("http://evil.example:8080", "evil.example:8080", False),
        ("null", "127.0.0.1:8080", False),
        ("https://192.168.1.5:8080", "192.168.1.5:8080", True),
        ("https://evil.example", "192.168.1.5:8080", False),
        ("http://127.0.0.1:8080", None, False),
    ],
)
def test_only_the_own_page_may_connect(origin: str | None, host: str | None, own: bool) -> None:
    assert is_own_page(origin, host) is own


def test_a_known_name_is_an_own_one() -> None:
    assert is_own_page("https://station.example", "station.example", ["station.example"])


def test_a_token_is_taken_from_protocol_cookie_or_query() -> None:
    assert token_of({"sec-websocket-protocol": "samruk, token.abc"}, {"token": "q"}) == "abc"
    assert token_of({"cookie": "a=b; samruk_token=abc"}, {}) == "abc"
    assert token_of({}, {"token": "abc"}) == "abc"
    assert token_of({}, {}) == ""


def test_no_log_holds_a_token() -> None:
    record = logging.LogRecord("x", logging.INFO, "", 0, "%s GET /live?token=%s", ("127.0.0.1", "aB3-_x"), None)
    Discreet().filter(record)
    assert record.getMessage() == "127.0.0.1 GET /live?token=***"
