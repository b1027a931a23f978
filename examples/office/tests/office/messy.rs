//! The officer's path: from the three workbooks that an office has, as it has them, to a publication. Each step takes one
//! try, or a marked workbook and one correction of what is marked in it. The number of tries is printed, and held.

use crate::support::{Kind, Office, package};
use std::io::{Cursor, Read as _, Write as _};

/// The parts of a workbook.
fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|place| {
            let mut file = archive.by_index(place).unwrap();
            let mut content = Vec::new();
            file.read_to_end(&mut content).unwrap();
            (file.name().unwrap().into_owned(), content)
        })
        .collect()
}

/// The cells of the first sheet that carry a mark, with its words.
fn marks(bytes: &[u8]) -> Vec<(String, String)> {
    let all = parts(bytes);
    let (_, text) = all.iter().find(|(name, _)| name.contains("commentsMark1")).expect("comments");
    let text = String::from_utf8(text.clone()).unwrap();
    let comment = |piece: &str| {
        let (cell, rest) = piece.split_once('"').unwrap();
        let (_, rest) = rest.split_once("preserve\">").unwrap();
        (cell.to_owned(), rest.split_once("</").unwrap().0.to_owned())
    };
    text.split("<comment ref=\"").skip(1).map(comment).collect()
}

/// The workbook with other texts in some cells of its first sheet, as an office writes them into the copy.
fn corrected(bytes: &[u8], cells: &[(String, String)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, mut content) in parts(bytes) {
        if name == "xl/worksheets/sheet1.xml" {
            let mut text = String::from_utf8(content).unwrap();
            for (cell, value) in cells {
                let begin = text.find(&format!("<c r=\"{cell}\"")).expect("a cell");
                let tag = begin + text[begin..].find('>').unwrap() + 1;
                let end = if text[begin..tag].ends_with("/>") {
                    tag
                } else {
                    begin + text[begin..].find("</c>").unwrap() + 4
                };
                text.replace_range(
                    begin..end,
                    &format!("<c r=\"{cell}\" t=\"inlineStr\"><is><t>{value}</t></is></c>"),
                );
            }
            content = text.into_bytes();
        }
        writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(&content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A credit code of an institution of 惠安 with this number: GB 32100, with the organisation code of GB 11714 inside.
fn credit_code(number: usize) -> String {
    const SIGNS: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let own = format!("{:08}", 40_000_000 + number);
    let digit = |c: char| c.to_digit(10).unwrap() as usize;
    let sum: usize = own.chars().zip([3, 7, 9, 10, 5, 8, 4, 2]).map(|(c, weight)| digit(c) * weight).sum();
    let check = match 11 - sum % 11 {
        10 => "X".to_owned(),
        11 => "0".to_owned(),
        other => other.to_string(),
    };
    let body = format!("52350521{own}{check}");
    let sign = |c: char| SIGNS.find(c).unwrap();
    let (sum, _) = body.chars().fold((0, 1), |(sum, weight), c| (sum + sign(c) * weight, weight * 3 % 31));
    format!("{body}{}", SIGNS.chars().nth((31 - sum % 31) % 31).unwrap())
}

/// Runs what an office tries at one step: everything but the last is refused and changes nothing. Prints the number of
/// tries, and fails where there are more than it takes.
fn step(office: &Office, name: &str, tries: &[String], at: &str, most: usize) -> String {
    println!("{name}: {} {}", tries.len(), if tries.len() == 1 { "try" } else { "tries" });
    assert!(tries.len() <= most, "{name} takes {} tries", tries.len());
    let (last, before) = tries.split_last().unwrap();
    for line in before {
        let out = office.run(&format!("{line} --at {at}"));
        assert!(matches!(out.status, Some(3 | 4)), "{name}: {line}: {out:?}");
    }
    let out = office.run(&format!("{last} --at {at}"));
    assert_eq!(out.status, Some(0), "{name}: {last}: {out:?}");
    format!("{}{}", out.out, out.err)
}

fn lines(tries: &[&str]) -> Vec<String> {
    tries.iter().map(|line| (*line).to_owned()).collect()
}

#[test]
fn from_three_messy_workbooks_to_a_publication() {
    let office = Office::nothing(Kind::Sqlite);
    for name in ["检查对象名录库.xlsx", "执法检查人员名录库.xlsx", "回避.xlsx", "pack.json", "programme.json"]
    {
        office.write(name, std::fs::read(package().join("tests/data/messy").join(name)).unwrap());
    }
    let one = |name: &str, line: &str, at: &str| step(&office, name, &lines(&[line]), at, 1);
    one("init", "init --pack pack.json --programme programme.json", "2026-01-05T01:00:00Z");

    // Institutions: what is certain is read and said; wrong codes are marked; words are asked once for their column.
    let day = "2026-01-06T01:00:00Z";
    let first = "import units 检查对象名录库.xlsx --yes --lang zh --marked 标注.xlsx";
    let out = office.run(&format!("{first} --at {day}"));
    assert_eq!(out.status, Some(3), "{out:?}");
    for said in [
        "合计行，未读入",
        "表尾的注释或签字，未读入：审核人",
        "按该区划登记",
        "证号记作 -",
        "问题已标注在 标注.xlsx",
        "综合医院 ×5、口腔诊所 ×4",
        "已被电子表格改成缩写的数字",
        "信用等级",
    ] {
        assert!(out.err.contains(said), "{said}: {}", out.err);
    }
    // Sixty wrong rows are some twenty lines.
    assert!(out.err.lines().count() < 40, "{}", out.err);
    let marked = std::fs::read(office.path("标注.xlsx")).unwrap();
    let wrong = marks(&marked);
    assert!(wrong.iter().any(|(cell, words)| cell == "C11" && words.contains("缩写的数字")), "{wrong:?}");
    let codes = wrong.iter().filter(|(cell, _)| cell.starts_with('C'));
    let codes: Vec<(String, String)> =
        codes.map(|(cell, _)| (cell.clone(), credit_code(cell[1..].parse().unwrap()))).collect();
    let of_row = |row: usize| codes.iter().find(|(cell, _)| *cell == format!("C{row}")).unwrap().1.clone();
    office.write("改正.xlsx", corrected(&marked, &codes));
    let means = "--means 综合医院=hospital --means 口腔诊所=clinic --means A=good --means B=good --means C=bad \
                 --means D级=bad";
    let said = step(
        &office,
        "import units",
        &[first.to_owned(), format!("import units 改正.xlsx --yes --lang zh {means}")],
        day,
        2,
    );
    assert!(said.contains("D级 按 bad 读取（--means），共 11 处") && said.contains("新增 60"), "{said}");

    // Officers: leave that a remark tells is read, other remarks are named; three offices are asked once.
    let first = "import officers 执法检查人员名录库.xlsx --yes --lang zh";
    let out = office.run(&format!("{first} --at {day}"));
    for said in [
        "产假:2026-03-01至2026-08-31：按请假读取",
        "未读入：配偶为螺城镇卫生院职工",
        "医疗监督科 ×4、综合科 ×3",
    ] {
        assert!(out.err.contains(said), "{said}: {}", out.err);
    }
    let means = "--means 医疗监督科=yl --means 公共卫生科=gw --means 综合科=zh";
    step(&office, "import officers", &[first.to_owned(), format!("{first} {means}")], day, 2);

    // Recusals: a column is missing, and the code beside a name is that of nobody; both are said at once.
    let first = "import recusals 回避.xlsx --yes --lang zh --marked 回避标注.xlsx";
    let out = office.run(&format!("{first} --at {day}"));
    assert_eq!(out.status, Some(3), "{out:?}");
    let right = of_row(16);
    assert!(out.err.contains(&format!("旁边写的是 螺城镇卫生院，名录中该名称属于 {right}")), "{}", out.err);
    assert!(out.err.contains("回避类型") && out.err.contains("--set 栏名=值"), "{}", out.err);
    let marked = std::fs::read(office.path("回避标注.xlsx")).unwrap();
    assert_eq!(marks(&marked).iter().map(|(cell, _)| cell.as_str()).collect::<Vec<_>>(), ["A1", "D2"]);
    office.write("回避改正.xlsx", corrected(&marked, &[("D2".to_owned(), right)]));
    let second = "import recusals 回避改正.xlsx --yes --lang zh --set 回避类型=法定回避";
    let said = step(&office, "import recusals", &lines(&[first, second]), day, 2);
    assert!(said.contains("1 个空单元格按 法定回避 读取（--set）"), "{said}");
    // The answers stand in the account of imports.
    let kept = office
        .sqlite()
        .query_row("SELECT file FROM imports WHERE register = 'recusals'", [], |row| row.get::<_, String>(0));
    assert_eq!(kept.unwrap(), "回避改正.xlsx --set 回避类型=法定回避");

    // The draw.
    let task = "";
    one("plan", &format!("plan {task} --adopt --approved-by director"), "2026-03-02T02:00:00Z");
    one("seal", &format!("seal {task}"), "2026-03-03T01:00:00Z");
    one("publish the seal", "publish --out www --where https://example.org/", "2026-03-03T02:00:00Z");
    let value = "3141592653589793238462643383279502884197";
    one("beacon", &format!("beacon {task} --value 骰子={value}"), "2026-03-04T04:00:00Z");
    one("draw", &format!("draw {task}"), "2026-03-04T05:00:00Z");

    // Results in the shape of the office's own table, under the names of the institutions.
    office.run(&format!("export tasks {task} --out tasks.csv --lang en")).ok();
    let tasks = office.read("tasks.csv");
    let drawn: std::collections::BTreeSet<&str> =
        tasks.lines().skip(1).filter_map(|line| line.split(',').nth(1)).collect();
    assert!(drawn.len() > 5, "{tasks}");
    let rows: String = drawn.iter().map(|name| format!("{name},2026-04-07 09:30,未发现问题\n")).collect();
    office.write("检查结果.csv", format!("机构名称,检查日期,检查结果\n{rows}"));
    one("results", &format!("result 检查结果.csv {task} --approved-by director"), "2026-04-08T01:00:00Z");
    one("reveal", &format!("reveal {task}"), "2026-05-16T01:00:00Z");
    one("publish", "publish --out www --where https://example.org/", "2026-05-18T01:00:00Z");
    let verified = office.run("verify www --at 2026-05-19T00:00:00Z --lang en");
    assert_eq!(verified.status, Some(2), "{verified:?}");
    assert!(!verified.out.contains("FAIL"), "{verified:?}");
}
