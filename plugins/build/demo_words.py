"""The invented words of `demo`: topics with their departments and subjects, and official phrases (pure)."""

from __future__ import annotations

from typing import NamedTuple


class Field(NamedTuple):
    """A field of government: topic, the department that is in charge, what it rules on, and the words of it."""

    topic: str
    name: str
    department: str
    department_name: str
    prefix: str
    subjects: tuple[str, ...]
    terms: tuple[str, ...]


def _field(line: str) -> Field:
    topic, name, department, department_name, prefix, subjects, terms = line.split("|")
    return Field(topic, name, department, department_name, prefix, tuple(subjects.split()), tuple(terms.split()))


FIELDS = tuple(
    map(
        _field,
        (
            "zhzw|综合政务|zwfwj|政务服务局|政服|政务大厅 公文流转 印章使用 会议组织|窗口 事项 材料 证照 流程 评价",
            "gmjj|国民经济管理|fgj|发展改革局|发改|政府投资项目 重点工程 价格监测 粮食储备|概算 工期 库点 价格 储备",
            "czjr|财政、金融、审计|czj|财政局|财|专项资金 国有资产 政府采购 会计档案|预算 票据 资产 绩效 账户",
            "zrzy|自然资源|zrj|自然资源局|自然|土地利用 矿山修复 不动产登记 测绘成果|地块 图斑 矿区 界址 坐标",
            "nyly|农业、农村|nyj|农业农村局|农|农业机械 畜禽养殖 耕地质量 农产品质量|农机 栏舍 种子 农户 耕地",
            "slsw|水利、水务|slj|水利局|水|河道采砂 饮用水水源 节约用水 小型水库|堤防 泵站 水量 水质 库区",
            "stlc|生态环境|hbj|生态环境局|环|扬尘污染 噪声污染 土壤污染 危险废物|排放口 点位 监测值 污染源 废物",
            "gyjt|工业、信息化|gxj|工业和信息化局|工信|工业园区 公共数据 技术改造 节能降耗|企业 产线 平台 能耗 接口",
            "jtys|交通运输|jtj|交通运输局|交|农村公路 网约车 公共汽车 内河渡口|线路 站点 车辆 桥涵 渡船",
            "cxjs|城乡建设|zjj|住房城乡建设局|建|建筑工地 物业服务 保障性住房 城市绿化|工地 房源 绿地 围挡 业主",
            "csgl|城市管理|cgj|城市管理局|城管|户外广告 生活垃圾 公共停车场 餐厨废弃物|泊位 招牌 垃圾桶 摊点 街面",
            "sclt|商贸、流通|swj|商务局|商务|集贸市场 成品油经营 会展活动 再生资源|摊位 油品 展位 回收点 商户",
            "scjg|市场监管|sjj|市场监督管理局|市监|电梯安全 食品摊贩 计量器具 广告发布|设备 批次 标签 量值 检验",
            "aqyj|安全生产、应急|yjj|应急管理局|应急|烟花爆竹 危险化学品 防汛抗旱 森林防火|隐患 物资 队伍 预警 避难所",
            "kjjy|科技、教育|jyj|教育科技局|教科|学前教育 校车安全 科技成果 校外培训|学生 课程 成果 校舍 班次",
            "whly|文化、旅游|wlj|文化旅游局|文旅|文物古迹 旅游民宿 公共文化设施 演出活动|展品 景点 客房 场馆 古建筑",
            "wsjk|卫生健康|wjj|卫生健康局|卫健|院前急救 托育机构 传染病防治 乡村诊所|病床 疫苗 诊室 药品 病例",
            "ldbz|劳动、社会保障|rsj|人力资源社会保障局|人社|职业培训 工资支付 人才引进 创业扶持|工种 岗位 证书 补贴 合同",
            "mzsw|民政、社会事务|mzj|民政局|民|养老服务 殡葬管理 临时救助 地名管理|床位 救助金 公墓 门牌 护理员",
            "gafz|公安、司法|sfj|司法局|司|人民调解 法律援助 养犬管理 房屋租赁|案卷 调解员 犬只 房屋 笔录",
        ),
    )
)
TOWNS = tuple("临河镇 青石镇 东坪镇 柳湾镇 望山镇 白沙镇 云溪乡 南塘乡".split())

WHO = tuple(
    "建设单位 施工单位 经营者 申请人 使用人 所有权人 管理单位 运营单位 受托机构 检验机构 评估机构 行业协会 村民委员会"
    " 居民委员会 项目法人 用人单位 服务机构 社会组织 志愿者组织 监理单位 产权单位 中标人 承包人 出租人 生产者 销售者"
    " 保管人 举办者 责任人 从业人员".split()
)
OFFICE = tuple(
    "县人民政府 乡镇人民政府 县财政部门 县公安机关 县发展改革部门 县审计机关 县自然资源部门 县市场监督管理部门"
    " 县生态环境部门 县应急管理部门 县住房城乡建设部门 县交通运输部门 县农业农村部门 县水行政主管部门"
    " 县人力资源社会保障部门 县教育行政部门 县卫生健康部门 县司法行政部门 县统计机构 县档案主管部门 有关主管部门"
    " 县数据管理机构 街道办事处 开发区管理机构 县监督检查机构".split()
)
QUALITY = tuple(
    "年度 专项 安全 信用 质量 应急 基础 分类 日常 重点 统一 区域 动态 综合 技术 现场 公共 配套 服务 监测 巡查 电子 内部 联合"
    " 长期 示范 数字化 精细化 标准化 常态化".split()
)
THING = tuple(
    "计划 目录 台账 档案 标准 预案 清单 名录 报告 规程 方案 制度 平台 数据库 责任书 指标 设施 设备 网点 队伍 记录 评价结果"
    " 协议 登记表 操作流程 公示牌 管理办法 工作机制 任务 措施".split()
)
VERB = tuple(
    "建立 完善 编制 公布 落实 审核 更新 汇总 细化 调整 健全 制定 核对 保存 报送 执行 检查 评估 修订 公开 优化 推广 实施 规范"
    " 统筹 核验 移交 归集 共享 备案".split()
)
MANNER = tuple(
    "依法 及时 按照职责分工 会同有关部门 定期 如实 妥善 逐级 因地制宜 分期分批 公开公平 主动 按照国家有关规定 通过政务网站"
    " 按照先急后缓的原则 结合实际 采取书面形式 在各自职责范围内 根据实际需要 按照就近便民的原则 以信息化手段 委托专业机构"
    " 组织力量 严格 合理 全面 同步 优先 逐项 持续".split()
)
WHEN = tuple(
    "每年第一季度 每季度末 每月十日前 自受理之日起五个工作日内 自受理之日起十个工作日内 自受理之日起二十日内 收到材料后"
    " 项目竣工后 合同签订后三十日内 汛期到来之前 节假日期间 每年年底前 遇有重大变化时 接到报告后二小时内 正式启用前"
    " 检查结束后七日内 验收合格后 公示期满后 经批准后 有效期届满三十日前 发生争议时 必要时 发现问题后 变更登记后"
    " 每半年至少一次 投入使用后 资金下达后十五日内 整改完成后 征求意见后 冬春季节".split()
)
AIM = tuple(
    verb + noun
    for verbs, nouns in (
        ("保障 维护", "公共安全 群众合法权益 公众知情权 市场秩序 生产生活秩序 社会公共利益 资金安全 信息安全"),
        (
            "促进 推动",
            "城乡协调发展 经济社会发展 资源节约利用 乡村全面振兴 诚信建设 部门协同 数据共享 产业转型 社会参与",
        ),
        (
            "提高 提升",
            "资源利用效率 公共服务水平 基层治理能力 资金使用效益 防灾减灾能力 居民生活品质 规范化水平 处置效率",
        ),
        ("改善 优化", "生态环境 营商环境 人居环境 服务流程 要素配置 资源布局"),
        ("加强 强化", "社会监督 源头管理 过程控制 风险防范 行业自律 责任落实 基础工作"),
    )
    for verb in verbs.split()
    for noun in nouns.split()
)
PRINCIPLE = tuple(
    "统筹规划 分级负责 预防为主 综合治理 公开透明 便民高效 依法管理 属地管理 节约集约 因地制宜 政府主导 社会参与 科学合理"
    " 公平公正 权责一致 分步实施 保护优先 安全第一 源头管控 动态调整 注重实效 协同配合".split()
)
BAN = tuple(
    "擅自改变用途 伪造或者涂改记录 拒绝接受检查 妨碍正常通行 占用消防通道 倾倒废弃物 损毁公共标志 转让或者出租证照 隐瞒真实情况"
    " 超出核定范围经营 使用不合格材料 私自拆除设施 收取规定以外的费用 泄露个人信息 虚报冒领补助 阻挠依法执行公务 违规占用道路"
    " 擅自停止服务 提供虚假材料 逾期不报告 超过标准排放 夜间违规作业 未经检验投入使用 破坏周边环境 截留挪用资金"
    " 降低服务标准".split()
)
NEED = tuple(
    "有固定的场所 有健全的管理制度 有与规模相适应的专业人员 有符合标准的设备 依法取得相应资格 近三年无重大违法记录"
    " 有明确的责任人 有稳定的经费来源 符合国土空间规划 通过安全评估 具备应急处置能力 有完整的技术资料 接入统一的信息平台"
    " 符合消防安全要求 有合法有效的使用协议 建立质量追溯制度 设置明显的标志 配备必要的监测仪器 有可行的实施方案"
    " 按规定参加保险".split()
)
PENALTY = tuple(
    "责令限期改正 给予警告 通报批评 责令停止使用 依法予以处罚 记入信用记录 收回已拨付的资金 取消当年评优资格 依法给予处分"
    " 移送有关机关处理 责令恢复原状 暂停受理其申请 约谈主要负责人 依法承担赔偿责任".split()
)
GENRES = tuple("管理办法 实施细则 管理规定 暂行办法 工作规则 若干措施 实施意见 行动方案 考核办法 工作指引".split())
ASPECT = tuple(
    "建设 运营 监督 服务 评价 信息公开 安全 资金使用 信用 档案 应急处置 巡查 许可 登记 质量 综合治理 设施维护 投诉处理"
    " 标准化 数字化".split()
)
CHAPTERS = tuple(
    "规划与建设 申请与受理 审核与批准 日常管理 使用与维护 服务要求 资金管理 信息管理 安全管理 应急处置 监督检查 考核评价"
    " 档案管理 权利与义务 标准与规范 登记与变更 投诉与处理 协同机制 宣传培训 社会参与 保障措施 检验与检测 信用管理 激励与扶持"
    " 分类管理 巡查与报告 移交与退出 公示与公告".split()
)
EXPLAINED = tuple("背景依据 目标任务 主要内容 适用范围 执行标准 咨询方式".split())
EXEMPT = tuple("不涉及公众 机关内部管理事项 内容简明，不需解读 转发上级文件".split())

SENTENCES = """
{who}应当{manner}{verb}{what}，{when}向{dept}报告{term}情况。
{dept}应当{manner}{verb}{what}，{aim}。
{office}和{dept}应当{manner}{verb}{subject}{what}。
{when}，{who}应当{verb}{what}，并{manner}{verb}{term}的{what}。
任何单位和个人不得{ban}，不得{ban}。
{subject}的{what}由{dept}{manner}{verb}，{office}予以配合。
{who}申请{verb}{what}的，{dept}应当在{n}个工作日内予以答复。
{term}的{aspect}应当符合{what}的要求，{aim}。
未按照规定{verb}{what}的，由{dept}{penalty}；情节严重的，{penalty}。
鼓励{who}参与{subject}{aspect}工作，{manner}{verb}{what}。
{when}，{dept}对{term}进行检查，检查结果作为{verb}{what}的依据。
{office}应当将{subject}所需经费纳入预算，{manner}{verb}{what}。
{who}对{term}有异议的，可以自收到通知之日起{n}个工作日内向{dept}提出。
{term}的数量、位置和{aspect}要求由{dept}会同{office}确定，{when}向社会公布。
因{aspect}需要调整{what}的，{who}应当提前{n}日告知{dept}。
{place}等地可以先行{verb}{what}，取得经验后在全县推广。
涉及{term}的{what}，应当听取{who}和公众意见，公示时间不少于{n}日。
{dept}工作人员在{subject}{aspect}工作中{ban}的，{penalty}。
{who}应当指定专人负责{term}，{manner}{verb}{what}，保存期限不少于{n}年。
{when}，{dept}和{office}联合开展{subject}{aspect}检查，对{ban}的行为{penalty}。
前款规定的{what}包括{term}的{aspect}、{aspect}和{aspect}情况。
{who}变更名称、住所或者{term}的，应当在{n}日内{manner}办理手续。
{office}{manner}{verb}{what}，为{subject}提供{aspect}保障，{aim}。
{dept}建立{what}，{manner}归集{term}数据，与{office}共享。
{manner}{verb}{what}成效明显的{who}，{office}可以给予奖励。
{term}发生损坏、灭失或者存在隐患的，{who}应当立即处置，并{when}报告{dept}。
{subject}实行{what}管理，具体办法由{dept}另行制定。
公众可以通过政务热线反映{term}的问题，{dept}应当在{n}个工作日内{manner}办理。
{who}委托他人{verb}{what}的，应当签订协议，明确{term}的{aspect}责任。
{when}，{dept}应当评估{what}的执行情况，需要调整的，{manner}予以修订。
"""
OPENING = """
为了{aim}，{aim}，根据有关法律、法规的规定，结合本县实际，制定本{kind}。
为规范{subject}{aspect}，{aim}，按照上级有关要求，结合本县实际，制定本{kind}。
为了加强{subject}管理，{aim}，{aim}，制定本{kind}。
"""
GENERAL = """
本县行政区域内{subject}的{aspect}、{aspect}及其监督管理，适用本{kind}。
本{kind}所称{subject}，是指依法由{who}管理的{term}及其{what}。
{subject}工作遵循{principle}、{principle}、{principle}的原则。
{dept}负责全县{subject}的监督管理，{office}、{office}在各自职责范围内做好相关工作。
{office}应当加强对{subject}工作的领导，协调解决{aspect}中的重大问题。
"""
LEADS = {
    "need": """
从事{subject}{aspect}的，应当具备下列条件：
{who}申请{verb}{what}的，应当符合下列要求：
列入{what}的{term}，应当同时满足下列条件：
""",
    "ban": """
禁止下列影响{subject}的行为：
{who}在{term}管理中不得有下列行为：
有下列情形之一的，由{dept}{penalty}：
""",
    "duty": """
{dept}在{subject}工作中履行下列职责：
{who}应当履行下列义务：
{subject}{aspect}应当包括下列内容：
""",
}
ITEMS = {
    "need": "{need} {need}，{manner}{verb}{what} {term}符合{what}的要求 {when}完成{what}",
    "ban": "{ban} {ban}，或者{ban} 在{term}附近{ban} 拒不{verb}{what}",
    "duty": "{manner}{verb}{what} {verb}{term}的{what} 负责{subject}{aspect}，{aim} {when}{verb}{what}",
}
SECTION = "加强{subject}{aspect} {manner}{verb}{what} {aim} 提升{term}{aspect}水平 {verb}{what}"
LAST = "本{kind}自公布之日起施行。 本{kind}由{dept}负责解释，自公布之日起施行。"
SEE = "{subject}{aspect}的有关事项，参照 涉及{term}的{what}，按照 {who}{verb}{what}的，同时适用"
