"""Where nodes stand: the provincial-level regions of GB/T 2260 and their capitals, and how far these are apart.

The table has the 31 regions of the mainland; the standard's other three (Taiwan 710000, Hong Kong 810000, Macao 820000)
have no place in the system that the action plan describes. Coordinates are those of the cities' centres in hundredths
of a degree, about a kilometre: good enough for latencies.

The order is ours, roughly by size of economy: where industry is, when a nation is generated. No figure is claimed.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

RADIANS_PER_UNIT = 3.141592653589793 / 18_000  # a hundredth of a degree
EARTH_RADIUS_KM = 6_371


@dataclass(frozen=True, slots=True)
class Region:
    """A province, municipality or autonomous region; latitude and longitude are its capital's, in 1/100 degree."""

    code: str
    name: str
    name_zh: str
    capital: str
    capital_zh: str
    latitude: int
    longitude: int

    @property
    def names(self) -> tuple[str, ...]:
        """What the region may be called."""
        return (self.code, self.name, self.name_zh)


REGIONS = (
    Region("440000", "Guangdong", "广东", "Guangzhou", "广州", 2313, 11326),
    Region("320000", "Jiangsu", "江苏", "Nanjing", "南京", 3206, 11880),
    Region("370000", "Shandong", "山东", "Jinan", "济南", 3665, 11712),
    Region("330000", "Zhejiang", "浙江", "Hangzhou", "杭州", 3027, 12016),
    Region("410000", "Henan", "河南", "Zhengzhou", "郑州", 3475, 11362),
    Region("510000", "Sichuan", "四川", "Chengdu", "成都", 3057, 10407),
    Region("420000", "Hubei", "湖北", "Wuhan", "武汉", 3059, 11431),
    Region("350000", "Fujian", "福建", "Fuzhou", "福州", 2607, 11930),
    Region("430000", "Hunan", "湖南", "Changsha", "长沙", 2823, 11294),
    Region("340000", "Anhui", "安徽", "Hefei", "合肥", 3182, 11723),
    Region("310000", "Shanghai", "上海", "Shanghai", "上海", 3123, 12147),
    Region("130000", "Hebei", "河北", "Shijiazhuang", "石家庄", 3804, 11451),
    Region("110000", "Beijing", "北京", "Beijing", "北京", 3990, 11641),
    Region("610000", "Shaanxi", "陕西", "Xi'an", "西安", 3434, 10894),
    Region("360000", "Jiangxi", "江西", "Nanchang", "南昌", 2868, 11586),
    Region("500000", "Chongqing", "重庆", "Chongqing", "重庆", 2956, 10655),
    Region("210000", "Liaoning", "辽宁", "Shenyang", "沈阳", 4181, 12343),
    Region("530000", "Yunnan", "云南", "Kunming", "昆明", 2504, 10271),
    Region("450000", "Guangxi", "广西", "Nanning", "南宁", 2282, 10837),
    Region("140000", "Shanxi", "山西", "Taiyuan", "太原", 3787, 11255),
    Region("150000", "Inner Mongolia", "内蒙古", "Hohhot", "呼和浩特", 4084, 11175),
    Region("520000", "Guizhou", "贵州", "Guiyang", "贵阳", 2665, 10663),
    Region("650000", "Xinjiang", "新疆", "Urumqi", "乌鲁木齐", 4383, 8762),
    Region("120000", "Tianjin", "天津", "Tianjin", "天津", 3908, 11720),
    Region("230000", "Heilongjiang", "黑龙江", "Harbin", "哈尔滨", 4580, 12653),
    Region("220000", "Jilin", "吉林", "Changchun", "长春", 4382, 12532),
    Region("620000", "Gansu", "甘肃", "Lanzhou", "兰州", 3606, 10383),
    Region("460000", "Hainan", "海南", "Haikou", "海口", 2004, 11020),
    Region("640000", "Ningxia", "宁夏", "Yinchuan", "银川", 3849, 10623),
    Region("630000", "Qinghai", "青海", "Xining", "西宁", 3662, 10178),
    Region("540000", "Tibet", "西藏", "Lhasa", "拉萨", 2965, 9114),
)

_BY_CITY = {name: region for region in REGIONS for name in (region.capital, region.capital_zh)}
_BY_NAME = {name: region for region in REGIONS for name in region.names}
CITIES = tuple(region.capital for region in REGIONS)


def region_of_city(city: str) -> Region | None:
    """The region of which this is the capital, by its English or Chinese name; None if it is the capital of none."""
    return _BY_CITY.get(city)


def region_named(name: str) -> Region | None:
    """The region of this GB/T 2260 code or name; None if there is none."""
    return _BY_NAME.get(name)


def distance_km(one: Region, other: Region) -> int:
    """Kilometres between two capitals, as the crow flies, rounded down; within one percent on this part of the globe.

    Only operations that every machine rounds alike, so a story in virtual time is the same everywhere: that is why the
    cosine is three terms of its series and not the C library's.
    """
    middle = (one.latitude + other.latitude) * RADIANS_PER_UNIT / 2
    square = middle * middle
    cosine = 1 - square / 2 + square * square / 24 - square * square * square / 720
    north = (one.latitude - other.latitude) * RADIANS_PER_UNIT
    east = (one.longitude - other.longitude) * RADIANS_PER_UNIT * cosine
    return int(EARTH_RADIUS_KM * sqrt(north * north + east * east))
