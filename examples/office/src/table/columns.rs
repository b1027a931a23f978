//! Columns: which headings mean which field.

use super::cells::{narrow, unseen};
use std::collections::BTreeMap;

/// A column: the field's name in messages and the headings that mean it, the first of them in ASCII.
pub(super) type Column = (&'static str, &'static [&'static str]);

pub(super) const UNIT: &[Column] = &[
    (
        "id",
        &[
            "id",
            "uscc",
            "unit id",
            "credit code",
            "permit",
            "permit number",
            "统一社会信用代码",
            "社会信用代码",
            "信用代码",
            "注册号",
            "标识",
            "机构标识",
            "机构编号",
            "主体身份代码",
        ],
    ),
    (
        "name",
        &[
            "name",
            "unit name",
            "establishment",
            "business name",
            "名称",
            "机构名称",
            "单位名称",
            "企业名称",
            "检查对象",
            "检查对象名称",
        ],
    ),
    (
        "division",
        &[
            "division",
            "division code",
            "area",
            "district",
            "ward",
            "county",
            "行政区划代码",
            "行政区划",
            "区划代码",
            "所属区划",
            "所在县区",
            "所属乡镇",
            "所在乡镇",
            "乡镇",
            "乡镇街道",
            "所属镇街",
            "所属街道",
        ],
    ),
    ("kind", &["kind", "category", "facility type", "机构类别", "类别", "机构类型", "主体类型"]),
    ("risk", &["risk", "risk level", "风险等级", "风险分级", "风险级别"]),
    ("credit", &["credit", "credit level", "信用等级", "信用分级", "信用级别"]),
    ("status", &["status", "状态", "登记状态", "经营状态", "机构状态"]),
    ("opened", &["opened", "opening date", "开业日期", "成立日期", "设立日期", "核准日期"]),
    ("grid", &["grid", "网格", "网格编号", "责任区", "责任网格"]),
    (
        "licence",
        &[
            "licence",
            "license",
            "licence number",
            "许可证号",
            "许可证编号",
            "许可证",
            "执业许可证号",
            "登记号",
        ],
    ),
    (
        "licence until",
        &[
            "licence until",
            "valid until",
            "license until",
            "有效期至",
            "许可证有效期至",
            "有效期止",
            "有效期限",
        ],
    ),
    ("signals", &["signals", "features", "信号", "特征", "监管标签"]),
];

pub(super) const OFFICER: &[Column] = &[
    (
        "id",
        &[
            "id",
            "inspector id",
            "certificate",
            "registration",
            "执法证号",
            "执法证编号",
            "执法证件号",
            "标识",
        ],
    ),
    ("name", &["name", "姓名", "执法人员姓名", "人员姓名"]),
    ("department", &["department", "部门", "所属部门", "执法部门"]),
    ("office", &["office", "工作单位", "所属科室", "所在科室", "科室"]),
    (
        "divisions",
        &[
            "divisions",
            "division",
            "areas",
            "area",
            "管辖片区",
            "管辖区划",
            "岗位管辖片区",
            "行政区划代码",
            "行政区划",
            "负责乡镇",
            "责任乡镇",
            "负责区域",
            "负责片区",
            "包片乡镇",
        ],
    ),
    ("qualifications", &["qualifications", "qualification", "资质", "岗位资质", "岗位资质资格", "业务专长"]),
    ("certified from", &["certified from", "证件生效日期", "执法证生效日期", "发证日期"]),
    (
        "certified until",
        &["certified until", "valid until", "证件有效期至", "执法证有效期至", "有效期至", "有效期止"],
    ),
    ("absences", &["absences", "absence", "leave", "请假", "休假", "请假时间", "不在岗"]),
    ("grid", &["grid", "网格", "网格编号", "责任区", "责任网格"]),
    ("cap", &["cap", "上限", "本轮上限", "任务上限", "最多任务数"]),
    ("family", &["family", "亲属组", "亲属关系组"]),
    ("load", &["load", "已完成任务数", "已办任务数", "累计任务数"]),
    ("remark", &["remark", "备注", "说明"]),
];

/// Names that stand beside ids in tables about other things, and are held against them.
const UNIT_NAME: Column =
    ("unit name", &["unit name", "机构名称", "单位名称", "企业名称", "检查对象名称", "名称", "回避单位"]);
const PERSON_NAME: Column =
    ("inspector name", &["inspector name", "姓名", "执法人员姓名", "检查人员姓名", "人员姓名"]);

pub(super) const EXPERT: &[Column] = &[
    ("id", &["id", "expert id", "专家编号", "机构编号", "编号", "标识"]),
    ("name", &["name", "姓名", "专家姓名", "机构名称", "名称"]),
    ("organisation", &["organisation", "organization", "所属机构", "工作单位", "单位"]),
    ("divisions", &["divisions", "division", "服务区域", "行政区划代码", "行政区划"]),
    ("qualifications", &["qualifications", "qualification", "专业", "专业领域", "资质"]),
    ("engaged from", &["engaged from", "聘期起", "聘用起始", "合同起始"]),
    ("engaged until", &["engaged until", "聘期止", "聘期至", "合同终止", "有效期至"]),
    ("absences", &["absences", "absence", "leave", "请假", "不可用日期"]),
    ("cap", &["cap", "上限", "任务上限", "最多任务数"]),
    ("family", &["family", "亲属组"]),
    ("load", &["load", "已完成任务数", "累计任务数"]),
    ("role", &["role", "身份", "角色", "人员类别"]),
];

/// What the institution of a row is called in tables about other things.
const UNIT_ID: &[&str] = &[
    "unit",
    "unit id",
    "uscc",
    "permit",
    "permit number",
    "机构标识",
    "检查对象",
    "统一社会信用代码",
    "信用代码",
    "注册号",
    "标识",
];

/// Headings of names, which stand for an id where a table has no column of ids.
pub(super) const INSTEAD: &[Column] = &[("unit", UNIT_NAME.1), ("inspector", PERSON_NAME.1)];

pub(super) const RECUSAL: &[Column] = &[
    (
        "inspector",
        &[
            "inspector",
            "inspector id",
            "certificate",
            "registration",
            "执法证号",
            "执法证编号",
            "执法人员",
            "检查人员",
        ],
    ),
    ("unit", UNIT_ID),
    ("ground", &["ground", "回避类型", "回避种类", "类型"]),
    ("basis", &["basis", "reason", "事由", "事由及依据", "回避事由", "依据", "理由"]),
    UNIT_NAME,
    PERSON_NAME,
];

pub(super) const RESULT: &[Column] = &[
    ("unit", UNIT_ID),
    ("date", &["date", "visited", "检查日期", "日期", "检查时间"]),
    ("result", &["result", "检查结果", "结果", "抽查结果"]),
    ("team", &["team", "检查人员", "检查组", "执法人员"]),
    ("items", &["items", "检查事项", "抽查事项", "检查项目"]),
    ("reason", &["reason", "未检查原因", "未能检查原因", "替换原因", "缺岗原因", "原因"]),
    ("evidence", &["evidence", "证明材料", "佐证材料"]),
    ("approved by", &["approved by", "批准人", "审批人"]),
    ("level", &["level", "批准层级", "审批层级"]),
    ("entry", &["entry", "登记类型", "事项类型"]),
    ("by", &["by", "replaced by", "替换为", "替补对象"]),
    ("officer", &["officer", "缺岗人员", "不能到岗人员"]),
    ("until", &["until", "缺岗至", "缺岗止"]),
    // The form that the office hands out calls it so in English.
    (
        "unit name",
        &["unit name", "name", "机构名称", "单位名称", "企业名称", "检查对象名称", "名称", "回避单位"],
    ),
];

pub(super) const SEAT: &[Column] = &[
    ("unit", &["unit", "unit id", "id", "permit", "permit number", "机构标识", "检查对象", "标识", "注册号"]),
    ("code", &["code", "credit code", "uscc", "统一社会信用代码", "信用代码"]),
    ("address", &["address", "地址", "住所", "注册地址", "经营地址", "机构地址", "经营场所"]),
];

pub(super) const ENTRY: &[Column] = &[
    ("date", &["date", "日期", "记录日期"]),
    ("entry", &["entry", "记录类型", "类型"]),
    ("signal", &["signal", "信号", "事项", "信用事项"]),
    ("count", &["count", "次数", "分值", "数量"]),
    ("unit", UNIT_ID),
    ("source", &["source", "来源", "依据", "文号"]),
];

pub(super) const STANDING: &[Column] = &[
    (
        "unit",
        &[
            "unit",
            "unit id",
            "uscc",
            "id",
            "permit",
            "permit number",
            "机构标识",
            "检查对象",
            "统一社会信用代码",
            "信用代码",
            "注册号",
            "标识",
        ],
    ),
    ("visits", &["visits", "本周期检查次数", "检查次数", "本年度检查次数", "已检查次数"]),
    ("exposure", &["exposure", "累计期望次数", "期望次数", "累计期望检查次数"]),
    ("last visit", &["last visit", "上次检查日期", "最近检查日期", "上次检查时间"]),
    ("last team", &["last team", "上次检查人员", "上次检查组", "最近检查人员"]),
];

/// Headings of signals that need no label in the policy.
pub(super) const SIGNAL: &[Column] = &[
    ("complaints", &["complaints", "投诉举报", "投诉举报数", "投诉数", "投诉举报件数"]),
    ("hazards", &["hazards", "安全隐患", "安全隐患数", "隐患数"]),
    ("penalties", &["penalties", "行政处罚", "行政处罚数", "处罚次数", "处罚数"]),
    ("serious", &["serious", "严重违法失信", "严重违法"]),
];

/// A heading reduced to what it says: narrow, lower case, without spaces, underscores, stars and colons.
pub(super) fn heading(text: &str) -> String {
    let dull = |c: &char| !(unseen(*c) || matches!(c, ' ' | '_' | '-' | '*' | ':'));
    narrow(text).to_lowercase().chars().filter(dull).collect()
}

/// The meanings of a heading: as a whole, without its bracketed remark, or as alternatives that all mean the
/// same, as in `统一社会信用代码/标识`.
pub(super) fn meaning(text: &str, names: &BTreeMap<String, String>) -> Option<String> {
    let whole = heading(text);
    let without = match (whole.find(['(', '[', '【']), whole.find([')', ']', '】'])) {
        (Some(open), Some(close)) if open < close => {
            let after: String = whole.get(close..).unwrap_or_default().chars().skip(1).collect();
            format!("{}{after}", whole.get(..open).unwrap_or_default())
        }
        _ => whole.clone(),
    };
    let all = |text: &str| {
        let mut fields = text.split(['/', '、', '|']).map(|part| names.get(part));
        let first = fields.next()??;
        fields.all(|field| field == Some(first)).then(|| first.clone())
    };
    names.get(&whole).cloned().or_else(|| names.get(&without).cloned()).or_else(|| all(&without))
}

/// The letters by which a spreadsheet names a column counted from 0: A, B, … Z, AA.
pub(crate) fn letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut left = column + 1;
    while left > 0 {
        left -= 1;
        letters.push(u8::try_from(left % 26).map_or('?', |digit| char::from(b'A' + digit)));
        left /= 26;
    }
    letters.iter().rev().collect()
}
