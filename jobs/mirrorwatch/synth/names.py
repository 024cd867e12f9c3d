"""Invented names and addresses. Each is assembled from made-up parts, so that it can only by chance be a real one's."""

FAMILY = (
    "Abalor", "Brenwick", "Cordale", "Dunmarsh", "Elvory", "Fennick", "Garlow", "Hestrin", "Ilvane", "Jorrick",
    "Kesterly", "Lamboure", "Morwend", "Navarel", "Ostrane", "Pellimar", "Quorrin", "Restovic", "Salvedra", "Tavorin",
    "Ulbright-Mo", "Vandrel", "Wexcombe", "Xiulan-Ro", "Yandovar", "Zamorel", "Lihuang", "Chenrui", "Wuqing", "Garcero",
    "Mendorza", "Olivaro", "Tremblor", "Gagneau", "Leungfai", "Chowkit",
)  # fmt: skip
GIVEN = (
    "Ada", "Benno", "Carys", "Dario", "Elin", "Farid", "Greta", "Hugo", "Inez", "Jonas", "Kira", "Leif", "Mina",
    "Noel", "Orla", "Pablo", "Quin", "Rosa", "Sven", "Tara", "Ugo", "Vera", "Wim", "Xenia", "Yara", "Zeno", "Meili",
    "Jianyu", "Xiaowen", "Lupita", "Ramiro", "Kaho", "Wingyan", "Odile",
)  # fmt: skip
FIRST = (
    "Amber", "Birch", "Cobalt", "Delta", "Ember", "Falcon", "Golden", "Harbour", "Indigo", "Juniper", "Keystone",
    "Lotus", "Meridian", "Nimbus", "Orchid", "Pioneer", "Quartz", "River", "Summit", "Tandem", "Umber", "Vista",
    "Willow", "Zenith", "Jade", "Dragonfly", "Sol", "Maple", "Crown", "Silk",
)  # fmt: skip
SECOND = (
    "Works", "Trading", "Foods", "Logistics", "Textiles", "Services", "Builders", "Holdings", "Market", "Supply",
    "Components", "Partners", "Import Export", "Kitchen", "Motors", "Design", "Properties", "Electronics", "Goods",
    "Solutions",
)  # fmt: skip
SUFFIX = {"US": "LLC", "CN": "Co Ltd", "MX": "SA de CV", "HK": "Limited", "CA": "Inc", "GB": "Ltd"}
STREETS = (
    "Acorn Street", "Bellows Road", "Canal Walk", "Dover Lane", "Elm Terrace", "Foundry Row", "Granite Avenue",
    "Hollow Way", "Ivy Court", "Jetty Road", "Kiln Street", "Lantern Alley", "Mill Lane", "Nettle Close", "Oak Road",
    "Pier Street", "Quarry Hill", "Ropewalk", "Signal Street", "Tanner Row",
)  # fmt: skip
AGENT_SHARE = 0.05  # organisations registered at an agent's address that many others share
AGENTS_PER_COUNTRY = 3
HOUSEHOLD_SHARE = 0.3  # persons who share address and telephone with the person before
