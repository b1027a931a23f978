## 请填报人核对的问题
office-marked-broken = 无法在工作簿中标注：{ $what }
office-marked-xls = .xls 无法标注：请另存为 .xlsx 后导入
office-table-values = 其中：{ $values }
office-marked-offer = 加 --marked 文件 可另存一份标注了问题的表格，改正后直接导入
office-marked-written = 问题已标注在 { $file }：请在该副本中改正后导入
