"""The pages of a recursive node: redirects, records for people, in a browser too."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import browser
import pytest
from http_network import TAKEN, Doors, running

pytestmark = pytest.mark.network
OWNER = {
    "index": 100,
    "type": "HS_ADMIN",
    "data": {"format": "admin", "value": {"handle": "0.NA/88.118.8", "index": 200, "permissions": "111111111111"}},
}


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with running(tmp_path_factory.mktemp("pages")) as doors:
        yield doors


def register(doors: Doors, name: str, kind: str, text: str) -> None:
    record = [{"index": 1, "type": kind, "data": text}, OWNER]
    assert doors.ask("PUT", f"/api/handles/88.118.8/{name}", record, headers=doors.basic()).code == 1


def page(doors: Doors, path: str, **headers: str) -> tuple[int, str, str]:
    answer = doors.ask("GET", path, at=doors.recursive, headers=headers)
    return answer.status, answer.headers.get("Location", ""), answer.body.decode()


def test_an_identifier_redirects_to_where_its_record_points(doors: Doors) -> None:
    assert page(doors, f"/{TAKEN}")[:2] == (302, "https://jxdy.example/p/JXDY2106023")
    assert page(doors, f"/hdl:{TAKEN}?urlappend=%3Fx=1")[:2] == (302, "https://jxdy.example/p/JXDY2106023?x=1")
    assert page(doors, f"/{TAKEN}?type=PRODUCT")[0] == 200  # nothing of that type to follow: shown


def test_a_record_is_shown_in_the_readers_language(doors: Doors) -> None:
    for path, accepted, words in (
        (f"/{TAKEN}?noredirect", "", "Where it came from"),
        (f"/{TAKEN}?noredirect", "zh-CN,zh;q=0.9,en;q=0.5", "数据来源"),
        (f"/{TAKEN}?noredirect&lang=en", "zh", "Where it came from"),
        (f"/{TAKEN}?action=showvalues&lang=zh", "", "单相智能电能表"),
        ("/", "zh", "标识解析"),
        ("/88.118.8/NOT-THERE", "", "There is no such identifier."),
        ("/88.118.8/NOT-THERE", "zh", "该标识不存在。"),
    ):
        assert words in page(doors, path, **{"Accept-Language": accepted})[2], path


def test_the_hops_are_named_and_a_second_look_needs_none(doors: Doors) -> None:
    register(doors, "HOPS", "NOTE", "x")
    first, second = (page(doors, "/88.118.8/HOPS?noredirect&lang=en")[2] for _ in range(2))
    assert "enterprise-88.118.8" in first and "From the node that answers for it" in first
    assert "enterprise-88.118.8" not in second and "From this node&#39;s cache" in second


@pytest.mark.parametrize(
    ("path", "status", "location"),
    [
        (f"/?hdl={TAKEN}&lang=zh", 302, f"/{TAKEN}?noredirect=&lang=zh"),
        ("/?hdl=//evil.example/x", 302, "/%2F%2Fevil.example%2Fx?noredirect=&lang=en"),
        ("/?hdl=%0d%0aSet-Cookie:x", 302, "/Set-Cookie%3Ax?noredirect=&lang=en"),
        (f"/{TAKEN}?action=api", 302, f"/api/handles/{TAKEN}"),
        ("/%zz", 400, ""),
        ("/88.118.8/NOT-THERE", 404, ""),
        (f"/{TAKEN}?type=NONE", 200, ""),
    ],
)
def test_what_is_asked_leads_where_it_should(doors: Doors, path: str, status: int, location: str) -> None:
    assert page(doors, path)[:2] == (status, location)


def test_nothing_in_a_record_becomes_html_or_a_dangerous_link(doors: Doors) -> None:
    register(doors, "EVIL-1", "URL", "javascript:alert(1)")
    register(doors, "EVIL-2", "NOTE", "<img src=x onerror=alert(1)><script>alert(1)</script>")
    status, location, text = page(doors, "/88.118.8/EVIL-1")
    assert (status, location) == (200, "") and 'href="javascript' not in text and "javascript:alert(1)" in text
    text = page(doors, "/88.118.8/EVIL-2?noredirect")[2]
    assert "&lt;img src=x" in text and "<img" not in text and "<script" not in text
    answer = doors.ask("GET", "/%3Cscript%3Ealert(1)%3C/script%3E", at=doors.recursive)
    assert b"<script" not in answer.body
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


def test_an_alias_is_followed_and_a_circle_of_them_ends(doors: Doors) -> None:
    register(doors, "ALIAS-1", "HS_ALIAS", TAKEN)
    register(doors, "ALIAS-2", "HS_ALIAS", "88.118.8/ALIAS-3")
    register(doors, "ALIAS-3", "HS_ALIAS", "88.118.8/ALIAS-2")
    assert page(doors, "/88.118.8/ALIAS-1")[:2] == (301, "https://jxdy.example/p/JXDY2106023")
    assert page(doors, "/88.118.8/ALIAS-1?ignore_aliases")[0] == 200
    assert page(doors, "/88.118.8/ALIAS-2")[0] == 200


def test_a_node_without_pages_leads_to_its_interface(doors: Doors) -> None:
    answer = doors.ask("GET", f"/{TAKEN}")
    assert (answer.status, answer.headers["Location"]) == (302, f"/api/handles/{TAKEN}")
    assert doors.ask("GET", "/").headers["Location"] == "/api/site"


class Shop(BaseHTTPRequestHandler):
    """What a record points to."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<title>arrived</title>")

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.mark.skipif(browser.CHROMIUM is None, reason="no chromium on this machine (Debian's package chromium)")
def test_a_person_finds_an_identifier_reads_it_in_both_languages_and_follows_it(doors: Doors, tmp_path: Path) -> None:
    shop = HTTPServer(("127.0.0.1", 0), Shop)
    serving = threading.Thread(target=shop.serve_forever)
    serving.start()
    try:
        register(doors, "SHOP", "URL", f"http://127.0.0.1:{shop.server_port}/thing")
        asyncio.run(visit(f"http://{doors.recursive}/", tmp_path))
    finally:
        shop.shutdown()
        serving.join()
        shop.server_close()
    pictures = [tmp_path / name for name in ("ask.png", "zh.png", "en.png")]
    assert all(picture.read_bytes().startswith(b"\x89PNG") and picture.stat().st_size > 5_000 for picture in pictures)


async def visit(home: str, folder: Path) -> None:
    async with browser.page(folder / "profile") as tab:
        await tab.go(home + "?lang=zh")
        assert await tab.value("document.documentElement.lang") == "zh-CN"
        await tab.screenshot(folder / "ask.png")
        await tab.value("document.getElementById('hdl').value = '88.118.8/SHOP'")
        await tab.value("document.getElementById('find').click()")
        assert await tab.until("document.getElementById('handle')?.textContent") == "88.118.8/SHOP"
        assert await tab.value("document.querySelector('#source').textContent")
        assert await tab.value("document.querySelectorAll('#values tbody tr').length") == 2
        assert await tab.value("document.querySelectorAll('.qr svg').length") == 1
        loaded = "performance.getEntriesByType('resource').every(each => each.name.startsWith(location.origin))"
        assert await tab.value(loaded)
        await tab.screenshot(folder / "zh.png")
        await tab.value("document.getElementById('other').click()")
        await tab.until("document.documentElement.lang === 'en'")
        assert await tab.value("document.getElementById('handle').textContent") == "88.118.8/SHOP"
        await tab.screenshot(folder / "en.png")
        await tab.value("document.getElementById('open').click()")
        await tab.until("document.title === 'arrived'")


def test_a_slow_client_does_not_hold_up_others(doors: Doors) -> None:
    ip, port = doors.recursive.rsplit(":", 1)
    slow = [socket.create_connection((ip, int(port)), 30) for _ in range(50)]
    try:
        for each in slow:
            each.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        assert page(doors, "/")[0] == 200
    finally:
        for each in slow:
            each.close()
