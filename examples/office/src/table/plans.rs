//! Annual plans as they are published (年度抽查计划表): tables of tasks or of items, with the headings that cities and
//! counties use. What the cells mean is the business of [`crate::plan`].

use super::columns::Column;
use super::grid::{self, Schema};
use super::{Read, Source};
use crate::say;
use std::collections::BTreeMap;

const PLAN: &[Column] = &[
    ("no", &["no", "序号", "编号", "抽查计划编号"]),
    (
        "title",
        &[
            "task",
            "plan",
            "年度计划名称",
            "计划名称",
            "抽查计划名称",
            "本部门计划名称",
            "抽查任务名称",
            "任务名称",
            "抽查任务",
            "检查任务名称",
            "检查任务",
            "抽查领域",
        ],
    ),
    ("items", &["items", "抽查事项", "检查事项", "抽查事项名称", "抽查项目", "检查项目"]),
    ("content", &["content", "检查内容", "抽查内容", "主要检查内容", "检查重点"]),
    (
        "subjects",
        &["subjects", "检查对象", "抽查对象", "抽查对象范围", "检查对象范围", "抽查对象类别", "监督检查对象"],
    ),
    ("base", &["base", "抽查基数", "检查对象基数", "对象基数", "检查对象总数", "基数"]),
    (
        "ratio",
        &[
            "share",
            "抽查比例",
            "检查比例",
            "抽查对象比例",
            "抽检比例",
            "抽查比例及频次",
            "抽查比例和频次",
            "比例和频次",
            "比例及频次",
        ],
    ),
    ("often", &["times", "抽查频次", "抽查频率", "检查频次", "检查频率", "频次", "年度抽查频次"]),
    ("cap", &["cap", "检查频次上限", "频次上限", "年度检查频次上限"]),
    (
        "number",
        &[
            "number",
            "抽查数量",
            "抽查对象数量",
            "检查数量",
            "抽查户数",
            "检查户数",
            "计划检查户数",
            "拟抽查数量",
        ],
    ),
    (
        "time",
        &[
            "time",
            "计划开展时间",
            "起止时间",
            "抽查时间",
            "检查时间",
            "实施时间",
            "任务日期",
            "任务时间",
            "实施抽查时间段",
            "抽查时间段",
            "开展时间",
        ],
    ),
    ("from", &["from", "抽取时间自", "开始时间", "起始时间", "任务开始时间"]),
    ("to", &["to", "抽取时间至", "结束时间", "截止时间", "完成时间"]),
    (
        "department",
        &["department", "发起部门", "牵头部门", "检查主体", "实施主体", "实施部门", "抽查主体", "检查单位"],
    ),
    ("joining", &["joining", "配合部门", "参与部门", "联合部门", "协同部门"]),
    (
        "office",
        &["office", "股室", "科室", "责任科室", "责任股室", "承办科室", "分配任务的处(科)室", "处(科)室"],
    ),
    ("mode", &["level", "抽查检查模式", "抽查模式", "实施层级及说明", "实施层级", "抽查层级", "发起方式"]),
    ("class", &["class", "事项类别", "事项类型", "检查类别"]),
    ("way", &["way", "抽查方式", "检查方式"]),
    ("kind", &["kind", "任务类型", "抽查类型", "检查类型"]),
    ("credit", &["credit", "信用风险分类要求", "信用风险分类", "信用分类要求", "信用风险等级"]),
    ("basis", &["basis", "抽查依据", "检查依据", "依据", "制定任务依据", "法律依据"]),
    ("joint", &["joint", "是否联合检查", "是否联合", "是否跨部门"]),
    ("remark", &["remark", "备注", "说明"]),
];

/// One row of a published plan, by field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlanRow {
    /// Line of the file or row of the sheet.
    pub row: u64,
    /// Whether the cell of its title is one with that of the row above: the table itself says that both are one task.
    pub one_title: bool,
    cells: BTreeMap<String, String>,
}

impl PlanRow {
    /// What stands in a column; nothing where there is none, or a dash.
    #[must_use]
    pub fn text(&self, field: &str) -> &str {
        self.cells.get(field).map_or("", String::as_str)
    }

    /// The fields that say something.
    pub fn filled(&self) -> impl Iterator<Item = &str> {
        self.cells.iter().filter(|(_, text)| !text.is_empty()).map(|(field, _)| field.as_str())
    }
}

/// Reads an annual plan as it is published.
///
/// # Errors
/// As for [`units`](super::units).
pub fn plans<'a>(source: impl Into<Source<'a>>) -> Read<PlanRow> {
    let schema = Schema { columns: PLAN, keys: ["title", "ratio"], required: &[], more: &[] };
    let mut read: Vec<PlanRow> = Vec::new();
    let (notes, places) = grid::read(source.into(), &schema, &mut |row, told| {
        let cells = row.fields().map(|field| (field.to_owned(), row.maybe(field))).collect();
        let found = PlanRow { row: row.number(), one_title: row.goes_on("title"), cells };
        let mut filled = found.filled();
        // Below a table stands a remark in one cell, often over all columns.
        match (filled.next(), filled.next()) {
            (None, _) => {}
            (Some(field), None) if !matches!(field, "items" | "content") => {
                let text: String = found.text(field).chars().take(30).collect();
                let place = row.places.row(found.row);
                told.notes.push(say!(
                    "office.note.remark",
                    "{place}: a remark, not read: {text}",
                    place,
                    text
                ));
            }
            _ => {
                drop(filled);
                read.push(found);
            }
        }
    })?;
    Ok((read, notes, places))
}
