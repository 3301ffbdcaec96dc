"""Industries: the divisions (大类) of GB/T 4754-2017 that make goods or move them, sections A to G and I.

Secondary nodes serve an industry or a region; the generated ones get their industry from here, manufacturing first,
because most of the field's secondary nodes belong to it.
"""

from __future__ import annotations

from typing import NamedTuple


class Industry(NamedTuple):
    """A division: its two digits and its name in both languages (the English one shortened by us)."""

    code: str
    name: str
    name_zh: str


INDUSTRIES = (
    # C 制造业 manufacturing
    Industry("13", "Farm products processing", "农副食品加工业"),
    Industry("14", "Food", "食品制造业"),
    Industry("15", "Beverages and tea", "酒、饮料和精制茶制造业"),
    Industry("16", "Tobacco", "烟草制品业"),
    Industry("17", "Textiles", "纺织业"),
    Industry("18", "Clothing", "纺织服装、服饰业"),
    Industry("19", "Leather, fur and footwear", "皮革、毛皮、羽毛及其制品和制鞋业"),
    Industry("20", "Wood and bamboo", "木材加工和木、竹、藤、棕、草制品业"),
    Industry("21", "Furniture", "家具制造业"),
    Industry("22", "Paper", "造纸和纸制品业"),
    Industry("23", "Printing and media", "印刷和记录媒介复制业"),
    Industry("24", "Education, art and sports goods", "文教、工美、体育和娱乐用品制造业"),
    Industry("25", "Petroleum, coal and other fuels", "石油、煤炭及其他燃料加工业"),
    Industry("26", "Chemicals", "化学原料和化学制品制造业"),
    Industry("27", "Medicines", "医药制造业"),
    Industry("28", "Chemical fibres", "化学纤维制造业"),
    Industry("29", "Rubber and plastics", "橡胶和塑料制品业"),
    Industry("30", "Non-metallic mineral products", "非金属矿物制品业"),
    Industry("31", "Ferrous metals", "黑色金属冶炼和压延加工业"),
    Industry("32", "Non-ferrous metals", "有色金属冶炼和压延加工业"),
    Industry("33", "Metal products", "金属制品业"),
    Industry("34", "General equipment", "通用设备制造业"),
    Industry("35", "Special equipment", "专用设备制造业"),
    Industry("36", "Cars", "汽车制造业"),
    Industry("37", "Railway, ships and aerospace", "铁路、船舶、航空航天和其他运输设备制造业"),
    Industry("38", "Electrical machinery", "电气机械和器材制造业"),
    Industry("39", "Computers and electronics", "计算机、通信和其他电子设备制造业"),
    Industry("40", "Instruments", "仪器仪表制造业"),
    Industry("41", "Other manufacturing", "其他制造业"),
    Industry("42", "Recycling", "废弃资源综合利用业"),
    Industry("43", "Repair of machinery", "金属制品、机械和设备修理业"),
    # B 采矿业 mining
    Industry("06", "Coal", "煤炭开采和洗选业"),
    Industry("07", "Oil and gas", "石油和天然气开采业"),
    Industry("08", "Ferrous ores", "黑色金属矿采选业"),
    Industry("09", "Non-ferrous ores", "有色金属矿采选业"),
    Industry("10", "Non-metallic minerals", "非金属矿采选业"),
    Industry("11", "Mining support", "开采专业及辅助性活动"),
    Industry("12", "Other mining", "其他采矿业"),
    # D 电力、热力、燃气及水生产和供应业 supply
    Industry("44", "Electricity and heat", "电力、热力生产和供应业"),
    Industry("45", "Gas", "燃气生产和供应业"),
    Industry("46", "Water", "水的生产和供应业"),
    # E 建筑业 construction
    Industry("47", "Building", "房屋建筑业"),
    Industry("48", "Civil engineering", "土木工程建筑业"),
    Industry("49", "Installation", "建筑安装业"),
    Industry("50", "Decoration and other construction", "建筑装饰、装修和其他建筑业"),
    # A 农、林、牧、渔业 agriculture
    Industry("01", "Crops", "农业"),
    Industry("02", "Forestry", "林业"),
    Industry("03", "Animal husbandry", "畜牧业"),
    Industry("04", "Fishery", "渔业"),
    Industry("05", "Agricultural support", "农、林、牧、渔专业及辅助性活动"),
    # G 交通运输、仓储和邮政业 transport
    Industry("53", "Railway transport", "铁路运输业"),
    Industry("54", "Road transport", "道路运输业"),
    Industry("55", "Water transport", "水上运输业"),
    Industry("56", "Air transport", "航空运输业"),
    Industry("57", "Pipeline transport", "管道运输业"),
    Industry("58", "Multimodal transport and agencies", "多式联运和运输代理业"),
    Industry("59", "Handling and storage", "装卸搬运和仓储业"),
    Industry("60", "Post", "邮政业"),
    # F 批发和零售业 trade
    Industry("51", "Wholesale", "批发业"),
    Industry("52", "Retail", "零售业"),
    # I 信息传输、软件和信息技术服务业 information
    Industry("63", "Telecommunication and broadcasting", "电信、广播电视和卫星传输服务"),
    Industry("64", "Internet services", "互联网和相关服务"),
    Industry("65", "Software and information technology", "软件和信息技术服务业"),
)
