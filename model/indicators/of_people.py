"""Indicators of the people and places of transfer: brokers, trained people, incubators and maker spaces."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ...agents.incubator import INCUBATOR, MAKER_SPACE, STAR_SKY
from .definition import Indicator, counted, share

if TYPE_CHECKING:
    from ..province import Province


def _platforms(column: str, *kinds: int) -> Callable[[Province], float]:
    """Read a count over the platforms of some kinds."""
    return lambda province: float(sum(getattr(province.sums.platforms[kind], column) for kind in kinds))


def _occupancy(kind: int) -> Callable[[Province], float]:
    """Read the part of the places of a kind of platform that is taken."""

    def read(province: Province) -> float:
        platforms = province.sums.platforms[kind]
        return share(float(platforms.tenants), float(platforms.capacity))

    return read


def people_indicators() -> list[Indicator]:
    """List the indicators of people, brokers and platforms."""
    return [
        Indicator(
            "demonstration_institutions",
            "count",
            "stock",
            "Demonstration transfer institutions",
            "技术转移示范机构数",
            "certified by the province, in force; the number at the end of 2017 is not identified by data",
            "经省级认定且有效的示范机构；2017年底的数量无法由数据识别",
            lambda p: float(p.sums.brokers.certified),
        ),
        Indicator(
            "demonstration_institutions_ever",
            "count",
            "stock",
            "Demonstration transfer institutions ever certified",
            "历年累计认定的技术转移示范机构数",
            "certified by the province at any time, those that lost the status or closed included",
            "历年经省级认定的示范机构，含资格已失效或已关闭者",
            counted("totals", "institutions_certified"),
        ),
        Indicator(
            "brokers",
            "count",
            "stock",
            "Technology-transfer institutions",
            "技术转移机构数",
            "institutions at work, certified or not",
            "在营的技术转移机构，无论是否经认定",
            lambda p: float(p.sums.brokers.at_work),
        ),
        Indicator(
            "broker_staff",
            "people",
            "stock",
            "Full-time staff of transfer institutions",
            "技术转移机构专职人员数",
            "people working full-time for brokers, with or without certificate",
            "技术转移机构的专职人员，无论是否持证",
            lambda p: float(p.brokers.rows["staff"].sum()),
        ),
        Indicator(
            "broker_deals",
            "contracts",
            "flow",
            "Contracts brought about by brokers",
            "中介促成技术合同项数",
            "signed contracts, registered or not, whose parties a broker brought together",
            "由中介促成双方签订的合同，无论是否登记",
            lambda p: float(p.sums.brokers.deals),
        ),
        Indicator(
            "broker_deals_demonstration",
            "contracts",
            "flow",
            "Contracts brought about by demonstration institutions",
            "示范机构促成技术合同项数",
            "those of the brokers' contracts whose broker holds the certificate when the step ends",
            "中介促成的合同中，期末持有示范机构资格的机构所促成者",
            lambda p: float(p.sums.brokers.deals_of_certified),
        ),
        Indicator(
            "broker_use",
            "fraction",
            "ratio",
            "Brokers' time taken",
            "中介服务能力利用率",
            "clients served in the step over those whom brokers had time for",
            "当期服务的客户数与中介可服务客户数之比",
            lambda p: share(float(p.sums.brokers.room - p.sums.brokers.free), float(p.sums.brokers.room)),
        ),
        Indicator(
            "trained_people",
            "people",
            "stock",
            "People trained for technology transfer",
            "培养技术转移人才数",
            "first certificates, cumulative from 2016, those who left included",
            "首次取得证书的人数，自2016年起累计，含已离开者",
            lambda p: float(p.sums.trainees.trained),
        ),
        Indicator(
            "training_attendances",
            "people",
            "stock",
            "Attendances of training courses",
            "技术转移培训人次",
            "seats of courses taken, cumulative from 2016, whether the examination was passed or not",
            "参加培训的人次，自2016年起累计，无论是否通过考试",
            counted("totals", "attendances"),
        ),
        Indicator(
            "practising_people",
            "people",
            "stock",
            "Trained people practising full-time",
            "专职从业持证人员数",
            "holders of a certificate who work full-time in transfer, earlier years included",
            "持证并专职从事技术转移的人员，含以往年份取得者",
            lambda p: float(p.sums.trainees.practising),
        ),
        Indicator(
            "practising_holders_share",
            "fraction",
            "ratio",
            "Trained people who practise",
            "持证人员专职从业比重",
            "holders of a certificate who work full-time in transfer over all who ever got one",
            "专职从事技术转移的持证人员占历年取得证书者的比重",
            lambda p: share(float(p.sums.trainees.practising), float(p.sums.trainees.holders)),
        ),
        Indicator(
            "incubation_platforms",
            "count",
            "stock",
            "Incubation platforms",
            "创新创业孵化平台数",
            "incubators and maker spaces of all levels",
            "各级孵化器与众创空间",
            _platforms("at_work", INCUBATOR, MAKER_SPACE),
        ),
        Indicator(
            "incubators",
            "count",
            "stock",
            "Incubators",
            "科技企业孵化器数",
            "incubators of all levels",
            "各级孵化器",
            _platforms("at_work", INCUBATOR),
        ),
        Indicator(
            "maker_spaces",
            "count",
            "stock",
            "Maker spaces",
            "众创空间数",
            "maker spaces of all levels",
            "各级众创空间",
            _platforms("at_work", MAKER_SPACE),
        ),
        Indicator(
            "incubators_national",
            "count",
            "stock",
            "Incubators of the national level",
            "国家级科技企业孵化器数",
            "incubators certified by the ministry",
            "经科技部认定的国家级孵化器",
            _platforms("certified", INCUBATOR, MAKER_SPACE, STAR_SKY),
        ),
        Indicator(
            "platforms_new_since_2018",
            "count",
            "stock",
            "Incubation platforms founded since 2018",
            "2018年以来新建孵化平台数",
            "incubators and maker spaces founded from the first quarter of 2018 on and still open",
            "2018年第一季度以来新建且仍在运营的孵化器与众创空间",
            _platforms("new", INCUBATOR, MAKER_SPACE),
        ),
        Indicator(
            "star_sky_platforms",
            "count",
            "stock",
            "Rural star-sky platforms",
            "星创天地数",
            "rural platforms founded with support beyond history; not among the incubation platforms",
            "超出历史水平、受支持新建的农村星创天地；不计入孵化平台",
            _platforms("at_work", STAR_SKY),
        ),
        Indicator(
            "incubator_tenants",
            "count",
            "stock",
            "Tenants of incubators",
            "孵化器在孵企业数",
            "enterprises that hold a place in an incubator",
            "在孵化器中占有场地的企业",
            _platforms("tenants", INCUBATOR),
        ),
        Indicator(
            "incubator_occupancy",
            "fraction",
            "ratio",
            "Incubators' places taken",
            "孵化器场地利用率",
            "tenants over the places of incubators",
            "在孵企业数与孵化器可容纳企业数之比",
            _occupancy(INCUBATOR),
        ),
        Indicator(
            "zone_tenants",
            "count",
            "stock",
            "Firms in high-technology zones",
            "高新区内研发企业数",
            "enterprises with research that hold a place in a national or provincial zone",
            "在国家级或省级高新区占有场地的研发企业",
            lambda p: float(p.zone_tenants.sum()),
        ),
        Indicator(
            "zone_occupancy",
            "fraction",
            "ratio",
            "Places of high-technology zones taken",
            "高新区场地利用率",
            "enterprises with research in zones over the places there",
            "高新区内研发企业数与可容纳企业数之比",
            lambda p: share(float(p.zone_tenants.sum()), float(p.zone_places.sum())),
        ),
        Indicator(
            "maker_space_teams",
            "count",
            "stock",
            "Teams in maker spaces",
            "众创空间在驻团队数",
            "teams that hold a place in a maker space and are no firm yet",
            "在众创空间中占有场地、尚未注册企业的团队",
            _platforms("tenants", MAKER_SPACE),
        ),
        Indicator(
            "maker_space_occupancy",
            "fraction",
            "ratio",
            "Maker spaces' places taken",
            "众创空间场地利用率",
            "teams over the places of maker spaces",
            "在驻团队数与众创空间可容纳团队数之比",
            _occupancy(MAKER_SPACE),
        ),
        Indicator(
            "maker_space_firms",
            "count",
            "flow",
            "Firms founded by teams of maker spaces",
            "众创空间团队创办企业数",
            "firms that teams found when they leave, most of which would have been founded anyway",
            "团队退出时创办的企业，其中多数即使没有众创空间也会创办",
            lambda p: float(p.supported["firms of teams"]),
        ),
        Indicator(
            "platforms_closed",
            "count",
            "flow",
            "Incubation platforms closed",
            "关闭的孵化平台数",
            "incubators and maker spaces that close",
            "关闭的孵化器与众创空间",
            _platforms("closed", INCUBATOR, MAKER_SPACE),
        ),
    ]
