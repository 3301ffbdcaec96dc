"""What the pages of the HTTP door say, in the languages they speak."""

from __future__ import annotations

LANGUAGES = ("zh", "en")

WORDS = {
    "en": {
        "title": "Identifier resolution",
        "lead": "Ask this recursive node for an identifier: prefix/suffix.",
        "identifier": "Identifier",
        "find": "Find",
        "example": "for example",
        "record": "Record",
        "index": "Index",
        "type": "Type",
        "data": "Data",
        "ttl": "TTL",
        "changed": "Changed",
        "rights": "Permissions",
        "seconds": "s",
        "origin": "Where it came from",
        "authority": "From the node that answers for it, just now.",
        "cache": "From this node's cache, without asking anybody.",
        "stale": "From this node's cache, though its time is over: nobody answered.",
        "hops": "Hops",
        "no_hops": "Nobody had to be asked.",
        "asked": "asked",
        "said": "answered",
        "silent": "did not answer",
        "sent_on": "points to",
        "octets": "octets",
        "open": "Open the address",
        "nowhere": "This record names no address to open.",
        "json": "As JSON",
        "qr": "QR code of the identifier",
        "other": "中文",
        "home": "New search",
        "not_found": "There is no such identifier.",
        "no_values": "The identifier exists, but has no such values for everybody to read.",
        "failed": "It could not be resolved",
        "more_data": "… the rest is in the JSON.",
        "more_values": "Only the first {shown} of {all} values are shown here.",
        "alias": "An alias of",
        "node": "Answered by",
        "bad": "That is no identifier",
    },
    "zh": {
        "title": "标识解析",
        "lead": "向本递归节点查询标识:前缀/后缀。",
        "identifier": "标识",
        "find": "查询",
        "example": "例如",
        "record": "标识数据",
        "index": "索引",
        "type": "类型",
        "data": "数据",
        "ttl": "生存时间",
        "changed": "更新时间",
        "rights": "权限",
        "seconds": "秒",
        "origin": "数据来源",
        "authority": "刚刚由负责该标识的节点应答。",
        "cache": "来自本节点缓存,未询问其他节点。",
        "stale": "来自本节点缓存,已过期:无节点应答。",
        "hops": "解析路径",
        "no_hops": "无需询问其他节点。",
        "asked": "询问",
        "said": "应答",
        "silent": "未应答",
        "sent_on": "指向",
        "octets": "字节",
        "open": "打开地址",
        "nowhere": "该标识没有可打开的地址。",
        "json": "JSON 格式",
        "qr": "标识二维码",
        "other": "English",
        "home": "重新查询",
        "not_found": "该标识不存在。",
        "no_values": "该标识存在,但没有可公开读取的此类数据。",
        "failed": "解析失败",
        "more_data": "……其余内容见 JSON。",
        "more_values": "共 {all} 条数据,此处只显示前 {shown} 条。",
        "alias": "别名,对应",
        "node": "应答节点",
        "bad": "这不是标识",
    },
}


def language(asked: str | None, accepted: str) -> str:
    """The language to answer in: the one asked for, else the first that a browser accepts and we speak."""
    if asked in LANGUAGES:
        return asked
    for each in accepted.lower().split(","):
        tag = each.strip().partition(";")[0][:2]
        if tag in LANGUAGES:
            return tag
    return "en"
