"""Terms of the action plan, Chinese and English, each once.

English texts of this project use the right-hand side and no other word for the same thing.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

GLOSSARY: Final = MappingProxyType(
    {
        "科技成果转化": "technology transfer",
        "科技成果": "result",
        "技术合同": "technology contract",
        "技术合同交易额": "technology-contract turnover",
        "技术转移示范机构": "demonstration institution",
        "技术转移人才": "technology-transfer professional",
        "技术经纪人": "technology broker (person)",
        "创新创业孵化平台": "incubation platform",
        "孵化器": "incubator",
        "众创空间": "maker space",
        "星创天地": "star-sky platform (rural maker space)",
        "科技成果转化引导基金": "guidance fund",
        "社会资本": "social capital",
        "投贷联动": "investment-loan linkage",
        "风险补偿": "risk compensation",
        "科技创新券": "innovation voucher",
        "军民融合": "civil-military integration",
        "中试": "pilot testing",
        "概念验证": "concept validation",
        "专利池": "patent pool",
        "知识产权": "intellectual property",
        "挂牌": "listing",
        "拍卖": "auction",
        "科技特派员": "dispatched scientist",
        "高新技术企业": "certified high-tech enterprise",
        "瞪羚": "gazelle enterprise",
        "独角兽": "unicorn enterprise",
        "飞地": "enclave",
        "托管": "trusteeship",
        "四主体一联合": "four-subject joint centre",
        "一院一所": "one hospital, one institute",
        "沿途下蛋": "eggs along the way",
    }
)
