"""The books of a proof: they catch every way in which a store can be wrong, and forgive none."""

from biaoshi.proofs.ledger import Ledger

OLD, NEW = {b"A": b"1", b"B": b"2"}, {b"B": b"22", b"C": b"3", b"D": b"4"}


def books(*, acknowledged: bool) -> Ledger:
    """OLD is acknowledged, NEW is sent, and perhaps acknowledged."""
    ledger = Ledger()
    for batch in (OLD, NEW):
        ledger.send(batch)
        if batch is OLD or acknowledged:
            ledger.acknowledge(batch)
    return ledger


def wrong(ledger: Ledger, found: dict[bytes, bytes]) -> tuple[int, int, int, int, int]:
    """(lost, altered, duplicated, foreign, halved)"""
    it = ledger.check(found.items())
    assert (it.total > 0) == bool(it.examples)
    return it.lost, it.altered, it.duplicated, it.foreign, it.halved


def test_what_was_acknowledged_has_to_be_there() -> None:
    assert wrong(books(acknowledged=True), OLD | NEW) == (0, 0, 0, 0, 0)
    assert wrong(books(acknowledged=True), {b"A": b"1", b"B": b"22", b"C": b"3"}) == (1, 0, 0, 0, 0)
    assert wrong(books(acknowledged=True), {}) == (4, 0, 0, 0, 0)


def test_what_was_acknowledged_last_under_a_handle_has_to_stand_there() -> None:
    assert wrong(books(acknowledged=True), OLD | NEW | {b"B": b"2"}) == (0, 1, 0, 0, 0)
    assert wrong(books(acknowledged=True), OLD | NEW | {b"A": b"damaged"}) == (0, 1, 0, 0, 0)


def test_what_was_sent_only_may_be_there_or_not_but_not_by_half() -> None:
    assert wrong(books(acknowledged=False), OLD | NEW) == (0, 0, 0, 0, 0)
    assert wrong(books(acknowledged=False), OLD) == (0, 0, 0, 0, 0)
    for half in ({b"B": b"22"}, {b"C": b"3"}, {b"B": b"22", b"C": b"3"}, {b"C": b"3", b"D": b"4"}):
        assert wrong(books(acknowledged=False), OLD | half) == (0, 0, 0, 0, 1), half


def test_what_was_found_once_has_to_stay() -> None:
    ledger = books(acknowledged=False)
    assert wrong(ledger, OLD | NEW) == (0, 0, 0, 0, 0)
    assert wrong(ledger, OLD) == (2, 1, 0, 0, 0)
    ledger = books(acknowledged=False)
    assert wrong(ledger, OLD) == (0, 0, 0, 0, 0)
    assert wrong(ledger, OLD | NEW) == (0, 1, 0, 2, 0)


def test_what_nobody_sent_is_foreign() -> None:
    assert wrong(books(acknowledged=True), OLD | NEW | {b"X": b"1"}) == (0, 0, 0, 1, 0)


def test_a_handle_that_comes_twice_is_a_duplicate() -> None:
    ledger = books(acknowledged=True)
    assert ledger.check([*OLD.items(), *NEW.items()]).duplicated == 1


def test_acknowledged_records_are_counted_each_time() -> None:
    assert books(acknowledged=True).acknowledged == 5
    assert books(acknowledged=False).acknowledged == 2
