## 请填报人核对的问题
office-marked-broken = 无法在工作簿中标注：{ $what }
office-marked-xls = .xls 无法标注：请另存为 .xlsx 后导入
office-marked-paper = .docx 无法标注：请将其中的表格复制到 .xlsx 后导入
office-table-values = 其中：{ $values }
office-marked-offer = 加 --marked 文件 可另存一份标注了问题的表格，改正后直接导入
office-marked-written = 问题已标注在 { $file }：请在该副本中改正后导入
office-cell-unnumbered = 写有许可证截止日期，而表中没有证号一栏：证号记作 -
office-cell-idle = 写有业务专长（资质），而规则中未设资质：不读入
office-cell-town = 写的是乡镇（街道），而规则中只有一个区划：按该区划登记
office-cell-beside = 旁边写的是 { $name }，名录中该名称属于 { $other }：两者必有一误
office-asked-offer = 整栏只需答一次：--set 栏名=值 填入空单元格或缺少的一栏；--means 词语=代码 说明含义；--skip 栏名 不读该栏
office-asked-set = { $place }：“{ $heading }”栏 { $count } 个空单元格按 { $value } 读取（--set）
office-asked-skipped = “{ $heading }”栏不读取（--skip）
office-asked-column_twice = “{ $heading }”栏有两个答复
office-asked-no_column = --skip { $heading }：表中没有名为“{ $heading }”的一栏
office-asked-no_field = --set { $heading }：此类表格没有名为“{ $heading }”的一栏；可用的栏目有 { $columns }
office-asked-word_twice = 词语 { $word } 有两种含义
office-asked-meant = { $word } 按 { $code } 读取（--means），共 { $count } 处
office-asked-idle = --means { $word }={ $code }：没有单元格写有该词语
office-note-leave = { $place }：{ $text }：按请假读取（{ $from }–{ $to }）
office-import-pair = { $option } “{ $text }”：应写作 名称=值
