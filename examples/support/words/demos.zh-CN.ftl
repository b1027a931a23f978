### 演示程序的帮助，以程序、命令和选项为名。
demo-year = 对福建九市一年四轮进行抽取，并显示结果
demo-year-shares = 四轮的份额
demo-year-salt = 改变虚构的掷骰结果，得到另一年的结果
demo-year-study = 改为按方案模拟若干年，名录取第一轮
demo-year-out = 写入何处
demo-year-lang = 屏幕和图示的语言；不写则与终端相同
demo-year-quiet = 不显示进度，只显示结论
demo-year-after = 示例：
      year                                             随附的一年，写入 target/year
      year --shares 0.4,0.2,0.2,0.2 --salt 7           其他份额，其他掷骰结果
      year --study 20                                  按方案模拟二十年，以及严格限定间隔的代价
demo-province = 对福建九市进行一年两级抽取，并逐级核验
demo-province-report = 显示最后一轮核验报告的各行
demo-province-lang = 屏幕的语言；不写则与终端相同
demo-province-after = 示例：
      province                     四轮，每轮由省级和九个市抽取
      province --report            并显示最后一轮核验报告的各行
demo-five_cities = 按五市各自的规则包运行一年
demo-five_cities-city = 只运行所列城市
demo-five_cities-out = 抽取记录和规则写入何处；已有文件内容不同的，不予覆盖
demo-five_cities-explain = 说明某一检查对象在其所在名录的各次抽取中入选概率的由来
demo-five_cities-check = 读取自行编制的规则包，以及年度计划（如有）：列出全部问题，或可生成的抽取方案数
demo-five_cities-demands = 只输出要求对照表
demo-five_cities-quiet = 不显示任何内容
demo-five_cities-lang = 屏幕的语言；不写则与终端相同
demo-five_cities-after = 示例：
      five_cities                              五市全部运行，抽取记录写入 target/five_cities
      five_cities --city quanzhou --lang zh    只运行泉州
      five_cities --city yancheng --explain YC-0001   逐条说明某一检查对象的入选概率
      five_cities --check pack.json programme.json    自编规则的全部问题，或可生成的抽取方案数
      five_cities --demands                    要求对照表，即 docs/demands.zh-CN.md 中的表
demo-figures = 反复抽取真实情况已知的年度，统计置信区间包含真值的比例
demo-figures-runs = 每份名录抽取的年数
demo-figures-trend = 改为各年与下一年比较：变化的区间包含真实变化的比例
demo-figures-lang = 屏幕的语言；不写则与终端相同
demo-figures-after = 示例：
      figures                          docs/for-auditors.zh-CN.md 中的表
      figures --trend                  两年之间的变化
      figures --runs 20                快速运行
demo-slack = 虚构城市在不同浮动幅度下的若干年
demo-slack-units = 检查对象家数：各三分之一每年应查 2、1、0.5 次
demo-slack-rounds = 一年的轮数，可多次写明
demo-slack-slack = 浮动幅度（次），可多次写明
demo-slack-years = 年数
demo-slack-cities = 改用随附五市的年度计划
demo-slack-lang = 屏幕的语言；不写则与终端相同
demo-national = 从两次读取、不整体载入内存的名录中抽取
demo-national-units = 市场主体户数
demo-national-rate = 抽查比例，各县均确保达到
demo-national-officers = 可组成检查组的检查人员数
demo-national-no_teams = 只抽检查对象：数百万次检查的组队比其余各步更费时间和内存
demo-national-register = 存放名录的 SQLite 文件；没有的先行生成
demo-national-parts = 将名录分成若干长短不一的部分，由多个线程同时统计和选取
demo-national-compare = 全部载入内存再抽一次，比较封存文件和抽取记录
demo-national-lang = 屏幕的语言；不写则与终端相同
demo-audit = 审读他人的抽查名单
demo-audit-lang = 报告的语言；不写则与终端相同
demo-audit-list = 审读公布的抽取结果
demo-audit-list-files = 每次抽取一份文件，最早的在前
demo-audit-list-simulated = 模拟名单的份数
demo-audit-list-number = 模拟所依据的数
demo-audit-list-within_district = 检查人员只在同一区县内互换
demo-audit-list-seeds = 从 0 到此数逐一作为种子尝试
demo-audit-list-day = 以此日起的各秒作为种子尝试，按北京时间
demo-audit-list-days = 天数
demo-audit-list-millis = 毫秒也逐一尝试
demo-audit-list-salt = 可能加在编号前后再作摘要的文字
demo-audit-list-budget = 每次抽取的最多尝试次数
demo-audit-power = 各种粗略做法被发现的比例，按名单大小
demo-audit-power-lists = 表中每格的名单份数
demo-audit-after = 示例：
      audit list q1.csv q2.csv q3.csv
      audit list q1.csv --day 2026-03-01 --days 3 --millis --budget 2000000000
      audit power
    每次抽取一份 CSV 文件，最早的在前，各行按公布名录的次序。列：编号、抽中（是、否，或抽取次序 1、2、3……）；
    已知的另写区县、层（同层对象机会相同）、随机数（公布的随机数）、结果（合格、问题、关闭）、检查人员（甲；乙）。
    退出码：0 未发现异常，1 发现异常，3 输入不可用，64 用法有误。
demo-ledger = 记录并核验台账，核验回执
demo-ledger-lang = 屏幕的语言；不写则与终端相同
demo-ledger-demo = 演示：封存、抽取、组队，替换一家检查对象和一名检查人员，公布，全部记入台账
demo-ledger-demo-out = 写入何处
demo-ledger-verify = 用文件夹内的文件核验其台账
demo-ledger-verify-folder = 文件夹
demo-ledger-verify-at = 核验的时刻；不写则为最后一条的时刻
demo-ledger-verify-witness_key = 见证人的公钥，取自见证人本人；每名见证人一个
demo-ledger-verify-values = 自行查得的随机数，格式同 beacon.json；可写多份
demo-ledger-receipt = 用公布的文件核验一家检查对象的回执及其抽取结果
demo-ledger-receipt-receipt = 回执
demo-ledger-receipt-seal = 公布的封存文件
demo-ledger-receipt-policy = 公布的抽取方案
demo-ledger-receipt-outcome = 该检查对象的抽取结果
demo-ledger-receipt-record = 公布的抽取记录：内有方案、分层表、名单和保密随机数
demo-ledger-receipt-beacon = 取自随机源本身的公开随机数；没有的，抽取结果至多为内部一致
demo-ledger-absence = 核验某一编号不在封存的检查对象名录中
demo-ledger-absence-absence = 不在名录的证明
demo-ledger-absence-seal = 公布的封存文件
demo-ledger-after = 示例：
      ledger demo --out target/ledger
      ledger verify target/ledger
      ledger verify target/ledger --witness-key KEY --witness-key KEY --values 1.1.json
      ledger verify target/ledger --at 2024-01-01T00:00:00Z
      ledger receipt receipt.json --seal seal.json --beacon beacon.json --policy policy.json --outcome outcome.json --record record.json
    文件夹内有 ledger.jsonl、checkpoints/*.txt、cycle.json（台账从年中开始的），以及 draws/次序.尝试/ 下已知的
    record.json、seal.json、beacon.json、frame.json、roster.json、cycle.json、drawn.json。
    退出码：0 核验通过，1 核验不通过，2 内部一致，未全部核对，3 输入不可用，64 用法有误。
