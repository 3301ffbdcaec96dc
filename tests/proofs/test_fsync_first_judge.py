"""Line 4 of quality.md can fail: its judge, shown the traces of stores that acknowledge too early."""

import pytest

from biaoshi.proofs.p04_fsync_first import Judge, Seen, answers_to, reports_of, responses_to
from biaoshi.proofs.system_calls import events

DATA, SEAL = "11</d/n/data.mdb>", "12</d/n/data.mdb>"
OPENED = f'70 openat(AT_FDCWD</w>, "/d/n/data.mdb", O_RDWR|O_CREAT, 0644) = {DATA}'
SEAL_OPENED = f'70 openat(AT_FDCWD</w>, "/d/n/data.mdb", O_WRONLY|O_DSYNC|O_CLOEXEC) = {SEAL}'
WRITE_A = rf'71 writev({DATA}, [{{iov_base="\2\0\26\088.118.8/F0-0000001\0\0U = 7) = 4", iov_len=4096}}], 1) = 4096'
WRITE_B = rf'71 pwrite64({DATA}, "\0088.118.8/F1-0000002\0\0", 4096, 8192) = 4096'
SYNC = f"71 fdatasync({DATA}) = 0"
SYNC_FAILED = f"71 fdatasync({DATA}) = -1 EIO (Input/output error)"
SYNC_BEGINS = f"71 fdatasync({DATA} <unfinished ...>"
SYNC_ENDS = "71 <... fdatasync resumed>) = 0"
SYNC_OTHER = "71 fdatasync(9</d/n/other.mdb>) = 0"
SEALED = rf'71 pwrite64({SEAL}, "\0\0\0", 120, 4112) = 120'
SEAL_BEGINS = rf'71 pwrite64({SEAL}, "\0\0\0", 120, 4112 <unfinished ...>'
SEAL_ENDS = "71 <... pwrite64 resumed>) = 120"
SEAL_UNSYNCED = rf'71 pwrite64({DATA}, "\0\0\0", 120, 4112) = 120'
SEAL_CLOSED = f"70 close({SEAL}) = 0"
ANSWER_A = '70 sendto(6<TCP:[127.0.0.1:80->127.0.0.1:501]>, "HTTP/1.1 200 OK\\r\\n", 300, 0, NULL, 0) = 300'
ANSWER_B = ANSWER_A.replace("501", "502").replace("sendto", "write")
REFUSED = ANSWER_A.replace("200 OK", "400 Bad Request")
ELSEWHERE = ANSWER_A.replace("501", "777")
EXIT, SIGNAL = "71 +++ exited with 0 +++", "70 --- SIGTERM {si_signo=SIGTERM} ---"
SENT = {501: [{b"88.118.8/F0-0000001": b""}], 502: [{b"88.118.8/F1-0000002": b""}]}


def seen(*lines: str) -> Seen:
    trace = [line.encode() + b"\n" for line in (OPENED, SEAL_OPENED, *lines)]
    return Judge().follow(trace, answers_to(SENT))


@pytest.mark.parametrize(
    "lines",
    [
        (WRITE_A, SYNC, SEALED, ANSWER_A),
        (WRITE_A, WRITE_B, SYNC, SEALED, ANSWER_A, ANSWER_B),
        (WRITE_A, SYNC_BEGINS, SYNC_ENDS, SEAL_BEGINS, SEAL_ENDS, SIGNAL, ANSWER_A, EXIT),
        (WRITE_A, SYNC, SEALED, WRITE_B, ANSWER_A, SYNC, SEALED, ANSWER_B),  # an answer during the next commit
        (WRITE_A, SYNC, SEALED, WRITE_A, ANSWER_A),  # its page is written again, beside a neighbour
        (WRITE_A, SYNC, SEALED, ELSEWHERE, REFUSED, ANSWER_A),
    ],
)
def test_persist_then_send_passes(lines: tuple[str, ...]) -> None:
    found = seen(*lines)
    assert (found.early, found.acknowledgements) == (0, sum(line in (ANSWER_A, ANSWER_B) for line in lines))


@pytest.mark.parametrize(
    ("lines", "state"),
    [
        ((ANSWER_A, WRITE_A, SYNC, SEALED), "not even written"),
        ((SYNC, SEALED, ANSWER_A), "not even written"),
        ((WRITE_A, ANSWER_A, SYNC, SEALED), "written"),
        ((WRITE_A, SEALED, ANSWER_A), "written"),
        ((WRITE_A, SYNC, ANSWER_A, SEALED), "synced"),
        ((WRITE_A, SYNC_BEGINS, ANSWER_A, SYNC_ENDS, SEALED), "written"),
        ((WRITE_A, SYNC, SEAL_BEGINS, ANSWER_A, SEAL_ENDS), "synced"),
        ((SYNC_BEGINS, WRITE_A.replace("71", "72", 1), SYNC_ENDS, SEALED, ANSWER_A), "written"),  # begun before it
        ((SYNC, SEALED, WRITE_A, SEALED, ANSWER_A), "written"),
        ((WRITE_A, SYNC_FAILED, SEALED, ANSWER_A), "written"),
        ((WRITE_A, SYNC_OTHER, SEALED, ANSWER_A), "written"),
        ((WRITE_A, SYNC, SEAL_UNSYNCED, ANSWER_A), "synced"),
        ((SEAL_CLOSED, WRITE_A, SYNC, SEALED, ANSWER_A), "synced"),
        ((WRITE_A, SYNC, SEALED, ANSWER_B), "not even written"),
    ],
)
def test_an_acknowledgement_that_leaves_too_early_is_caught(lines: tuple[str, ...], state: str) -> None:
    found = seen(*lines)
    assert (found.early, found.acknowledgements) == (1, 1)
    assert f"which was {state} and nothing more by then" in found.examples[0]


RESPONSE_A = r'70 sendto(9<TCP:[127.86.4.1:2641->127.0.0.1:501]>, "\2\v\2\v", 61, 0, NULL, 0) = 61'


@pytest.mark.parametrize(
    ("lines", "early"),
    [
        ((RESPONSE_A, WRITE_A, SYNC, SEALED, RESPONSE_A), 0),  # the first was a challenge, and acknowledges nothing
        ((WRITE_A, SYNC, RESPONSE_A, RESPONSE_A, SEALED), 1),
        ((RESPONSE_A, RESPONSE_A, WRITE_A, SYNC, SEALED), 1),
    ],
)
def test_over_the_protocol_only_what_the_client_took_for_a_yes_acknowledges(lines: tuple[str, ...], early: int) -> None:
    trace = [line.encode() + b"\n" for line in (OPENED, SEAL_OPENED, *lines)]
    found = Judge().follow(trace, responses_to({501: [{}, *SENT[501]]}))
    assert (found.acknowledgements, found.early) == (1, early)


def test_an_importer_acknowledges_by_a_line_on_its_stdout() -> None:
    keys = [b"88.118.8/F0-0000001", b"88.118.8/F1-0000002"]
    report = r'70 write(1</log>, "{\"records\": %d, \"new\": 1}\n", 40) = 40'
    chatter = r'70 write(1</log>, "{\"node\": \"n\", \"records\": 2}\n", 40) = 40'
    lines = [OPENED, SEAL_OPENED, WRITE_A, SYNC, SEALED, report % 1, WRITE_B, report % 2, SYNC, SEALED, chatter]
    found = Judge().follow([line.encode() for line in lines], reports_of(keys))
    assert (found.early, found.acknowledgements, found.syncs) == (1, 2, 2)


def test_calls_are_read_with_their_beginning_and_end() -> None:
    lines = [SYNC_BEGINS, ANSWER_A, "nonsense", SYNC_ENDS, EXIT, "72 <... fsync resumed>) = 0", SYNC_FAILED]
    calls = [(call.name, call.entered, call.left, call.succeeded) for call in events(line.encode() for line in lines)]
    assert calls == [
        ("fdatasync", 1, 0, False),
        ("sendto", 2, 2, True),
        ("fdatasync", 1, 4, True),
        ("fdatasync", 7, 7, False),
    ]
