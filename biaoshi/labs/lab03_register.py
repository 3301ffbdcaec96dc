"""Register a product: created, changed, found by everybody, and by whom it may be changed."""

from __future__ import annotations

from collections.abc import Sequence

from biaoshi.labs.lab import RECURSIVE, TEA, Finding, Lab, Words, code_at, data_at, found, outcome, shown, values_at
from biaoshi.running import Network
from resolver.errors import PeerError
from resolver.model.value import Value
from resolver.wire.types import hs_admin

NUMBER = 3
HANDLE = "88.300.35/LAB-3"
GROUP = b"0.NA/88.300.35", 200
URL, DRAFT, EMAIL = 1, 2, 3  # indexes


def check(network: Network) -> Sequence[Finding]:
    """Is it there, as it should be, for whoever asks?"""
    values = values_at(network, TEA, HANDLE)
    if values is None:
        return [Finding(False, Words(f"{TEA} has no {HANDLE}: register it", f"{TEA} 上没有 {HANDLE}：请注册"))]
    url, email = data_at(values, URL), data_at(values, EMAIL)
    way = outcome(code_at(network, RECURSIVE, HANDLE))
    return [
        Finding(True, Words(f"{HANDLE} is registered at {TEA}", f"{HANDLE} 已在 {TEA} 注册")),
        found(
            url is not None and url.startswith("https://"),
            Words("its URL leads somewhere by https", "URL 以 https 指向某处"),
            Words(
                f"the URL at index {URL} is {shown(url or 'missing')}: it should begin with https://",
                f"索引 {URL} 处的 URL 是 {shown(url or '（无）')}：应以 https:// 开头",
            ),
        ),
        found(
            email is not None and "@" in email and data_at(values, DRAFT) is None,
            Words("the draft has gone and the contact has come", "草稿已删除，联系方式已加上"),
            Words(
                f"there should be an EMAIL at index {EMAIL} and nothing at index {DRAFT} any more",
                f"索引 {EMAIL} 处应有 EMAIL，索引 {DRAFT} 处应不再有任何值",
            ),
        ),
        found(
            _owned(values),
            Words("the administrators of 88.300.35 may change it", "88.300.35 的管理员可以变更它"),
            Words(
                "no HS_ADMIN in it names the group 200 of 0.NA/88.300.35: who is to change it later?",
                "其中没有 HS_ADMIN 指明 0.NA/88.300.35 的 200 组：以后由谁来变更它？",
            ),
        ),
        found(
            way.en == "SUCCESS",
            Words(f"{RECURSIVE} finds it", f"{RECURSIVE} 能找到它"),
            Words(f"{RECURSIVE} says {way.en}", f"{RECURSIVE} 答复 {way.zh}"),
        ),
    ]


def _owned(values: Sequence[Value]) -> bool:
    for value in values:
        if value.type.upper() == b"HS_ADMIN":
            try:
                admin = hs_admin.decode(value.data)
            except PeerError:
                continue
            if (admin.handle.upper(), admin.index) == GROUP:
                return True
    return False


LAB = Lab(
    number=NUMBER,
    name="03-register",
    title=Words("Register a product", "注册一件产品"),
    points=5,
    check=check,
    handles=(HANDLE,),
)
