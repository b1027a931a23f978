### 简体中文的帮助。英文帮助即程序中的说明；help-import-sheet 为命令 import 的选项 --sheet。

## 帮助
help-arguments = 参数
help-commands = 命令
help-options = 选项
help-usage = 用法：
help-examples = 示例：
help-default = 默认
help-env = 环境变量
help-help = 显示帮助
help-version = 显示版本
help-office = 双随机、一公开抽查办公程序：一个机关的名录库、台账和历次抽查存于一个数据库。
help-office-after = 一年的顺序：
      office init --pack rules.json --programme 2026.json      录入规则包和年度计划，每项任务建立台账
      office import units 名录.xlsx ; office import officers 人员.csv
      office check                                             核对名录库、规则和年度计划
      office plan --task medical --adopt --approved-by director
      office seal --task medical ; office publish --out www --where https://…
      office beacon --task medical --value dice=3141592653…
      office draw --task medical ; office export tasks --task medical --out tasks.xlsx
      office replace --unit U-1 --reason closed --evidence photo.jpg --approved-by director --task medical
      office replace --officer 3505-0001 --reason ill --evidence note.pdf --approved-by head --level office --task medical
      office result results.xlsx --task medical ; office publish --out www --where https://…
      office verify www                                        任何人均可核验
    退出码：0 完成（verify：核验通过），1 核验不通过，2 内部一致而未全部核对，3 输入不可用，4 不符合规则，5 数据库故障，64 用法有误。
    退出码为 3、4、5 时未作任何改动。
help-office-database = 数据库：文件名，或 postgres://user@host/name
help-office-actor = 录入人员的代码
help-office-task = 年度计划中的任务，或往年台账的范围代码；只有一项时可不写
help-office-at = 录入的时刻；不写即为当前时刻。台账不接受早于上一条的时刻
help-office-rehearsal = 演练：--at 可以是将来的时刻
help-office-clock_is_right = 本机时钟无误，虽然日期出乎意料
help-office-lang = 界面语言：zh 或 en；不写则随终端
help-office-quiet = 不显示进度，最多输出一行
help-office-json = 向标准输出写 JSON，供程序使用；报错亦然
help-init = 建立数据库：录入规则，每项任务建立台账
help-init-template = 随附的规则模板，写代码或名称：county-health（县级卫健）、market（市场监管）、food（境外食品，英文）。写出规则包、年度计划和待填写的名录表
help-init-division = 本机关的行政区划，写 代码 或 代码=名称，可写多个
help-init-authority = 机关代码；不写则为首个区划代码加模板的字母
help-init-name = 机关名称，即公告的发布机关
help-init-year = 年度计划的年度；不写即今年
help-init-folder = 规则和名录表写入的文件夹
help-init-holidays = 该年度的放假日期，日期和起止日期用逗号隔开，如 2027-01-01..2027-01-03,2027-04-05；不写则用随附的放假安排
help-init-make_up = 该年度调休上班的周末，写法相同
help-init-notice = 载明放假安排的通知及日期
help-init-pack = 规则包（JSON）
help-init-programme = 年度抽查计划（JSON）
help-init-policy = 抽取方案（JSON）：供自行编写每次抽取方案的机关使用
help-init-demo = 随附的示例：泉州 221 家真实机构的抽取方案；随后请导入 examples/data/quanzhou_*.csv
help-init-cycle = 年中启用时本年度的检查情况：JSON，或检查台账表格（CSV、Excel，含机构标识、本周期检查次数、累计期望次数），后者须同时写 --spent。多项任务时写 任务=文件，可写多个
help-init-spent = --cycle 表格所含各次抽取占全年的份额，0 至 1，如 0.5。多项任务时写 任务=份额，可写多个
help-init-salt_key = 信用档案的保密参数文件（64 位十六进制数）；不写则由操作系统生成
help-init-witness = 见证人的公钥，可写多个
help-init-quorum = 公布随机数之前，须有几名见证人在含封存的检查点上签名
help-rules = 录入新一年的规则：每项任务建立新台账，接续旧台账已结束的年度周期
help-new-year = 写出新年度的规则，建立新年度的台账
help-new-year-folder = 新年度规则包和年度计划写入的文件夹；其中已有的文件不改写，直接采用
help-new-year-draft = 只写出规则，不作登记
help-new-year-holidays = 该年度的放假日期，日期和起止日期用逗号隔开，如 2027-01-01..2027-01-03,2027-04-05；不写则用随附的放假安排
help-new-year-make_up = 该年度调休上班的周末，写法相同
help-new-year-notice = 载明放假安排的通知及日期
help-new-year-after = 示例：
      office new-year --draft --folder 2027                预先写出新年度的规则，不作登记
      office new-year --folder 2027                        各周期结束后建立新年度的台账
      office new-year --folder 2027 --holidays 2027-01-01..2027-01-03,2027-02-05..2027-02-11 --make-up 2027-02-13 --notice '…'
    结转：名录库、信用档案、覆盖率、见证人、公告事项。计划中的日期移至新年度的工作日，不超过规则包规定的时限；建立台账前请核对。
    自行编制的年度计划用 office rules 录入。
help-rules-pack = 规则包（JSON）
help-rules-programme = 年度抽查计划（JSON）
help-import = 读入名录（CSV：UTF-8、UTF-16、GBK、GB18030；或 Excel），显示变更内容后存入
help-import-register = 哪个名录：units 检查对象名录、officers 执法检查人员名录、experts 专家与第三方、recusals 回避名单、entries 信用与处罚记录
help-import-file = CSV、.xlsx、.xls 文件，或 .docx 中的表格
help-import-sheet = 工作表名；可能有多个工作表时须写明
help-import-only = 只读入某栏为某值的行：表头=值，可写多个
help-import-merge = 保留名录中已有而文件中没有的行
help-import-yes = 不再询问，直接存入
help-check = 相互核对名录库、规则和年度计划
help-plan = 显示下一次抽取的测算，并批准抽取方案
help-plan-policy = 下一次抽取的方案；由规则推出时不写
help-plan-year = 本年度各次抽取（JSON）：[{"{"}"batch":1,"share":"0.5","window":{"{"}"from":日期,"to":日期{"}"}{"}"}, …]。没有年度计划时，随本年度首个方案一并备案；不写即全年只抽取一次
help-plan-write = 将抽取方案写入此文件
help-plan-explain = 说明此检查对象的抽中概率
help-plan-adopt = 批准此方案，供 seal 使用
help-plan-despite = 核对发现问题而仍予批准的理由；问题、理由和批准均载入台账
help-plan-stream = 逐行读取数据库中的检查对象名录，不全部装入内存（超过 10 万家时自动如此）；不逐家提示问题
help-plan-approved_by = 批准人，不得与 --actor 相同
help-plan-level = 批准层级：office 科室负责人、authority 机关负责人、superior 上级机关
help-dispatch = 派发：向下派发抽中对象，接收上级派发的对象，接收下级台账的检查情况
help-dispatch-out = 为每个派发单位写出一个文件夹：上级的方案、封存文件、抽取记录和派发对象的名录
help-dispatch-out-out = 文件夹；每个派发单位在其中各有一个文件夹
help-dispatch-out-draw = 哪一次抽取；不写即最近一次有派发的抽取
help-dispatch-out-ready = 抽取之前供下级备勤：只写下一次抽取的方案
help-dispatch-out-policy = 下一次抽取的方案；已经批准时不写
help-dispatch-in = 接收上级派发的文件夹，写出选派检查人员的方案
help-dispatch-in-folder = 文件夹
help-dispatch-in-write = 将选派检查人员的方案写入此文件
help-dispatch-ready = 显示备勤承诺：检查人员名录和规则的摘要，在上级封存之前交给上级
help-dispatch-ready-policy = 选派检查人员的方案；随机源仍可更改
help-dispatch-ready-salt_key = 保密参数文件，64 位十六进制；封存时用同一文件
help-dispatch-take = 录入下级公示的台账所载派发对象的检查情况，并接收其检查点
help-dispatch-take-folder = 下级台账公示的文件夹
help-dispatch-take-draw = 派发对象的那次抽取；不写即最近一次派发给该台账的抽取
help-register = 名录库归集：向上级提交本机关名录库，或归集下级名录库
help-register-give = 为上级抽取写出本机关名录库：一份公布，各行只交上级
help-register-give-policy = 上级抽取方案
help-register-give-division = 名录库所列区划，可写多个
help-register-give-out = 文件夹，不得在公示文件夹内
help-register-take = 归集全部下级名录库，作为检查对象名录；封存文件列明这些名录库
help-register-take-folders = 全部下级提交的文件夹，各有 register.json 和 frame.json
help-register-take-policy = 下一次抽取的方案；已经批准时不写
help-register-take-merge = 保留其他任务的检查对象（不在任何名录库内）
help-register-drop = 不再使用已归集的名录库：下一份封存文件不列名录库，检查对象名录不变
help-register-intake = 为各下级写出归集回执：其各行在封存名录中的位置与证明
help-register-intake-out = 文件夹，不得在公示文件夹内
help-register-intake-draw = 哪一次抽取；不写即最近一次
help-register-check = 用归集回执核对本机关名录库是否原样归集
help-register-check-intake = 上级交回的归集回执
help-register-check-seal = 公布的封存文件
help-study = 在批准之前，用模拟年度试验修改后的规则；不录入任何内容
help-study-frequency = 年抽查频次：2 指全部对象，high=4 指某风险等级，high/D=6 指某风险等级与信用等级，可用代码或名称；加 :周期数 为窗口，如 low=0.25:4。可写多个，以最后为准
help-study-slack = 检查可提前或推迟的幅度（次），0 至 5：2.5 指全部对象，high=2.5 指某等级。可写多个，以最后为准
help-study-floor = 覆盖率下限，0 至 1
help-study-rounds = 每年轮次，各轮份额相等
help-study-shares = 各轮份额，如 0.4,0.3,0.3
help-study-control = 机动抽查比例，0 至 1（不含 1）：额外检查，使每家都可能被抽到
help-study-rate = 每次抽取中每家的概率（按比例抽取时）
help-study-number = 每次抽取的家数（按家数抽取时）
help-study-cap = 每人每次最多检查任务数（名录未另行规定时）
help-study-officers = 执法检查人员数
help-study-without = 不含此人，可写多个
help-study-policy = 整个抽取方案或整个年度计划（JSON）；其他修改叠加其上
help-study-variant = 另一组修改：名称=选项，可写多个
help-study-years = 每个种子模拟的年数
help-study-seeds = 使用种子的个数
help-study-named = 生成种子的文字
help-study-seed_list = 种子文件，每行一个
help-study-missed = 抽中后无法检查（注销、查无）的概率，0 至 1
help-study-no_teams = 只模拟检查对象，不模拟检查组：快得多
help-study-budget = 模拟步数的上限
help-study-out = 将表格写入此文件（.csv 或 .xlsx）
help-study-picture = 将图写入此文件（.svg）
help-seal = 在随机源公布之前封存下一次抽取
help-seal-salt_key = 保密参数文件；不写则由操作系统生成
help-seal-stream = 逐行读取数据库中的检查对象名录，不全部装入内存（超过 10 万家时自动如此）；不逐家提示问题
help-beacon = 录入随机源公布的随机数
help-beacon-values = 随机源=随机数，可写多个
help-beacon-file = 随机数文件（JSON）
help-beacon-silent = 未按时公布的随机源
help-beacon-evidence = 证明材料文件；台账载入其摘要
help-beacon-approved_by = 批准人，不得与 --actor 相同
help-beacon-level = 批准层级：office 科室负责人、authority 机关负责人、superior 上级机关
help-draw = 抽取检查对象，匹配检查人员
help-replace = 替换已注销、合并、迁出、失联的检查对象，或不能到岗的检查人员
help-replace-unit = 不能检查的对象，或人员须回避的对象
help-replace-officer = 不能到岗的检查人员；不写即替换检查对象本身
help-replace-from = 不能到岗的首日；不写即录入当日
help-replace-to = 不能到岗的末日；不写即检查期间结束之日
help-replace-reason = 原因。检查对象：closed 注销停业、merged 合并、moved 迁出、unreachable 失联；人员：ill 病假、leave 休假、left 调离、recused 回避
help-replace-evidence = 证明材料文件；台账载入其摘要
help-replace-date = 决定日期；不写即录入当日
help-replace-draw = 哪一次抽取；不写即最近一次
help-replace-approved_by = 批准人，不得与 --actor 相同
help-replace-level = 批准层级：office 科室负责人、authority 机关负责人、superior 上级机关
help-officer = 说明某检查人员在一次抽取中的选派概率和任务数，或显示由谁接替；不录入任何内容
help-officer-id = 检查人员或专家的编号
help-officer-drops_out = 如果此人不能到岗，由谁接替
help-officer-from = 不能到岗的首日；不写即今日
help-officer-to = 不能到岗的末日；不写即检查期间结束之日
help-officer-draw = 哪一次抽取；不写即最近一次
help-result = 录入检查结果
help-result-file = 检查结果表（CSV 或 Excel）
help-result-sheet = 工作表名
help-result-unit = 一家检查对象
help-result-date = 检查日期
help-result-result = 检查结果的代码或名称
help-result-team = 检查人员，以逗号分隔；不写即抽取的检查组
help-result-missed = 未能检查且无候补对象接替的原因：closed、merged、moved、unreachable
help-result-barred = 名录限制其到该处的人员（回避、休假、调离）实际到场：须经机关批准
help-result-outside = 随机抽查之外的检查
help-result-evidence = 证明材料文件；台账载入其摘要
help-result-draw = 哪一次抽取；不写即最近一次
help-result-approved_by = 批准人，不得与 --actor 相同
help-result-level = 批准层级：office 科室负责人、authority 机关负责人、superior 上级机关
help-void = 宣布最近一次抽取作废
help-void-reason = 原因：beacon-failed 随机源未公布、input-error 名录或方案有误、legal 法院或上级机关决定、not-revealed 保密随机数逾期未公开、share-missing 缺少份额、technical 技术故障
help-void-evidence = 证明材料文件；台账载入其摘要
help-void-approved_by = 批准人，不得与 --actor 相同
help-void-level = 批准层级：office 科室负责人、authority 机关负责人、superior 上级机关
help-reveal = 公开延期公开的抽取的保密随机数
help-reveal-draw = 哪一次抽取；不写即等待公开的第一次
help-clock = 更正时钟错误期间录入的台账
help-clock-entry = 时钟错误期间的首条编号
help-clock-evidence = 证明材料文件；台账载入其摘要
help-clock-approved_by = 批准人，不得与 --actor 相同
help-clock-level = 批准层级：office 科室负责人、authority 机关负责人、superior 上级机关
help-withdraw = 撤回信用档案中的一条记录
help-withdraw-entry = 信用档案的记录编号，见 office export entries
help-withdraw-reason = 理由
help-withdraw-date = 自何日起不再计入；不写即自始不计
help-withdraw-approved_by = 批准人，不得与 --actor 相同
help-withdraw-level = 批准层级：office 科室负责人、authority 机关负责人、superior 上级机关
help-close = 年终结束年度周期
help-close-approved_by = 批准人，不得与 --actor 相同
help-close-level = 批准层级：office 科室负责人、authority 机关负责人、superior 上级机关
help-amend = 更正以前录入的检查结果；原条目保留
help-amend-entry = 条目编号
help-amend-result = 更正后的检查结果
help-amend-date = 更正后的检查日期
help-amend-team = 更正后的检查人员，以逗号分隔
help-amend-withdraw = 撤回该条：视同从未录入，抽中的对象恢复待查
help-amend-reason = 原因：appeal 申诉、复议成立，clerical 笔误，evidence 新证据
help-amend-evidence = 证明材料文件；台账载入其摘要
help-amend-approved_by = 批准人，不得与 --actor 相同
help-amend-level = 批准层级：office 科室负责人、authority 机关负责人、superior 上级机关
help-witness = 写出检查点供见证人签名，或收存已签名的检查点
help-witness-out = 将台账当前的检查点写入此文件
help-witness-note = 收存带签名的检查点
help-opening = 对尚未公开的抽取，单独开示一次检查，由检查组到场时交给该机构
help-opening-unit = 一家检查对象；不写即全部待查对象
help-opening-out = 文件夹；不得为公布的文件夹
help-opening-draw = 哪一次抽取；不写即最近一次
help-receipt = 写出检查对象可自行核验的回执，供发放
help-receipt-unit = 一家检查对象；不写即全部
help-receipt-out = 文件夹；不得为公布的文件夹
help-receipt-draw = 哪一次抽取；不写即最近一次
help-notice = 显示抽查公告及其所缺内容，或录入只有本机关知道的事项
help-notice-facts = 事项=文字，可写多个
help-notice-addresses = 地址表（CSV 或 Excel）
help-notice-draw = 哪一次抽取；不写即最近一次
help-publish = 写出向社会公示的内容，并在台账载明已经公示
help-publish-out = 文件夹
help-publish-place = 公众在何处可见：网址、报纸、公告栏；载入台账
help-publish-auditor = 供审计：另含名录、年度台账、信用档案和保密参数；不载入台账
help-next = 按期限列出待办事项，并给出办理各事项的命令
help-status = 显示各台账的状态和下一步
help-verify = 核验公示的文件夹，或数据库
help-verify-folder = 公示的文件夹；不写即数据库
help-verify-checkpoint = 自己先前保存的台账检查点，可写多个。只有凭此，或凭 --witness-key 公钥签名的检查点，台账才能核验通过
help-verify-witness_key = 直接得自见证人的公钥，每人一个。台账规定了见证人数的，只有凭此才能核验通过
help-verify-values = 自己向随机源查得的随机数，格式同 beacon.json，文件名以抽取序号和轮次开头（2.1.json），可写多个。只有文件夹自带的随机数不能作为核验通过的依据
help-verify-as_of = 核验的时刻；不写即最后一条的时刻
help-export = 以 CSV 或 .xlsx 写出任务单、公告和各种表格
help-export-what = 内容：tasks 检查任务单、notices 检查通知书表、notice 抽查公告和结果公示、letters 检查通知书、sheets 任务单和监督检查表、sample 抽取结果、results 检查结果公示、form 检查结果录入表、coverage 覆盖率、units 检查对象名录、officers 执法检查人员名录、experts 专家与第三方、recusals 回避名单、entries 信用档案、ledger 台账、changes 名录变更、kit 数据库核验包
help-export-out = 文件；扩展名决定格式。核验包为文件夹
help-export-dialect = 核验包所用的数据库引擎：datafusion、duckdb、mysql、postgresql、spark 或 sqlite
help-export-record = 核验包所依据的抽取记录文件，不打开数据库；不写即本机关的抽取
help-export-registers = 您自己的文件夹，内有 frame.json、roster.json 和 cycle.json，据此生成检查对象表
help-export-draw = 哪一次抽取；不写即最近一次
help-export-unit = 只写出此检查对象的通知书或任务单；不写即全部待查对象
help-report = 抽查结果分析：按等级、类别、区县统计发现问题的机构
help-report-out = 写出的文件：.xlsx（表格）、.svg（图）、.json（公示页），可写多个
help-report-found = 视为发现问题的检查结果；不写即规则包中 fail 类的结果
help-report-again = 同一批检查另行重抽人员的次数，用以判断两名人员是否过于经常同组；0 为不查，少于219次看不出任何问题
help-report-against = 与之比较的往年台账的范围代码；不写即上一年
help-report-habits = 廉政风险检验：反复同去、从不发现问题、屡遇关门、经常缺岗的人员，以及经常登记关闭的录入人员，是否多于随机应有的次数。文件为 .xlsx、.json
help-migrate = 将数据库升级为本程序的结构
help-completion = 生成命令行补全脚本
help-completion-shell = 哪种命令行
help-import-dates = 年份写在末尾的日期，月在前写 mdy，日在前写 dmy；不写则拒绝此类日期
help-import-encoding = CSV 的编码，如 windows-1252、gb18030、big5；不写则按文字判定
help-import-set = 某栏全部空单元格（或表中没有的一栏）的值：栏名=值，可多次
help-import-skip = 不读取的一栏，可多次
help-import-means = 表中词语的含义：词语=代码，可多次
help-import-all = 逐条列出表格的全部问题，而不是每栏每类只列前几条
help-import-marked = 表格被拒绝时，把问题标注在副本中：.xlsx 标在单元格（底色与批注），CSV 另加一栏
help-init-all = 逐条列出表格的全部问题，而不是每栏每类只列前几条
help-init-marked = 表格被拒绝时，把问题标注在副本中：.xlsx 标在单元格（底色与批注），CSV 另加一栏
help-notice-all = 逐条列出表格的全部问题，而不是每栏每类只列前几条
help-notice-marked = 表格被拒绝时，把问题标注在副本中：.xlsx 标在单元格（底色与批注），CSV 另加一栏
help-result-all = 逐条列出表格的全部问题，而不是每栏每类只列前几条
help-result-marked = 表格被拒绝时，把问题标注在副本中：.xlsx 标在单元格（底色与批注），CSV 另加一栏
help-plan-import-all = 逐条列出表格的全部问题，而不是每栏每类只列前几条
help-plan-import-marked = 表格被拒绝时，把问题标注在副本中：.xlsx 标在单元格（底色与批注），CSV 另加一栏
help-plan-import-dates = 年份写在末尾的日期，月在前写 mdy，日在前写 dmy；不写则拒绝此类日期
help-plan-import-encoding = CSV 的编码，如 windows-1252、gb18030、big5；不写则按文字判定
help-init-dates = 年份写在末尾的日期，月在前写 mdy，日在前写 dmy；不写则拒绝此类日期
help-init-encoding = CSV 的编码，如 windows-1252、gb18030、big5；不写则按文字判定
help-notice-dates = 年份写在末尾的日期，月在前写 mdy，日在前写 dmy；不写则拒绝此类日期
help-notice-encoding = CSV 的编码，如 windows-1252、gb18030、big5；不写则按文字判定
help-result-dates = 年份写在末尾的日期，月在前写 mdy，日在前写 dmy；不写则拒绝此类日期
help-result-encoding = CSV 的编码，如 windows-1252、gb18030、big5；不写则按文字判定
help-init-offset = 本机关与协调世界时的时差，如 +08:00；用规则包时由规则包写明
help-publish-found = 视为发现问题的检查结果（没有规则包时）
help-seal-secret = 保密随机数文件；不写则由操作系统生成
help-plan-import = 读入已公布的年度抽查计划表（任务表或事项表），据此生成年度计划的任务
help-plan-import-file = CSV、.xlsx、.xls 文件，或 .docx 中的表格
help-plan-import-pack = 规则包（JSON）
help-plan-import-programme = 重新生成任务的年度计划（JSON）
help-plan-import-out = 年度计划写入的文件
help-plan-import-sheet = 工作表名；可能有多个工作表时须写明
help-plan-import-means = 表中用语的含义：文字=规则包中部门、事项或类别的代码，可写多个
help-plan-import-keep = 保留年度计划中原有而表中没有的任务
help-plan-import-prefer = 同一行的比例与数量不一致时以何者为准：share 比例、number 数量
