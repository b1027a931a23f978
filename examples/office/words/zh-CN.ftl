### 简体中文。每条消息的代码即其标识，点写作连字符：代码 frame.duplicate 的消息为 frame-duplicate。
### 参数见 en.ftl；x_count 为列表 x 的项数，x_lines 为各项分行。

## 编码与标识
id-empty = 为空
id-too_long = 长 { $length } 个字符，最多 64 个
id-alphabet = 第 { $place } 个字符“{ $found }”不可用，只能使用 { $alphabet }
id-beginning = 以“{ $found }”开头；代码须以字母或数字开头
id-credit_check = 统一社会信用代码的校验码为 { $found }，按 GB 32100 应为 { $expected }；请核对整个代码
id-organisation_check = 第 17 位为 { $found }，按 GB 11714 组织机构代码的校验码应为 { $expected }；请核对整个代码
id-registration_check = 注册号的校验码为 { $found }，按 GS 15—2006 应为 { $expected }；请核对整个号码
id-no_unit_id = 既不是 18 位统一社会信用代码、15 位注册号，也不是本地编号（本地编号中间须有连字符，如 HOSP-0017）
id-division_shape = 不是六位行政区划代码（乡镇街道九位，村社区十二位）
id-unknown_province = 以 { $found } 开头，GB/T 2260 中没有这一省级代码
id-division_gap = 写明了下级而没有上级，如有县级而没有地级
id-division_spelling = 以 000 结尾：所指为上一级区划，上一级代码不写这几位
digest = “{ $text }”不是 64 位小写十六进制数
decimal = “{ $text }”不是 0 至 9000000 之间、小数点后不超过九位的十进制数（写法如 "0.2"）
words-all = { $words }
words-nearest = { $words } 等，共 { $count } 个
left_off = 另有 { $number } 处未列出：请先更正以上各处，再重新读入

## 日期
calendar-date = 不是有效日期，日期应写作 2026-03-04
calendar-instant = 不是有效时刻，时刻应写作 2026-03-04T03:00:00Z（协调世界时）
calendar-backwards = 止期早于起期
working_days-basis = 工作日历未注明所依据的放假通知
working_days-order = { $list } 在 { $day } 处未按日期先后排列
working_days-outside = { $day } 不在 { $from } 至 { $to } 之间
working_days-make_up = { $day } 不能作为调休上班日：它不是周六、周日，或者本身是放假日

## 表格
table-text = 不是 1 至 200 个可见字符的文字
table-twice = 在本行中重复填写
table-row = 第 { $row } 行，{ $field }“{ $value }”{ $rule }
table-problems = 共 { $total } 处问题，未作任何改动{ $problems_lines }{ $more_lines }
frame-duplicate = 已见于第 { $first } 行：同一检查对象只占一行
frame-several_licences = 已见于第 { $first } 行，而许可证不同：同一主体的全部许可证应写在同一行
frame-unknown_division = 不在抽取方案的行政区划（frame.divisions）之中
frame-unknown_code = 不在抽取方案的 frame.{ $vocabulary } 之中；可用的有：{ $known }
frame-unknown_status = 不是有效状态：active（正常）、suspended（停业）、closed（注销）
frame-not_listed = 状态为 { $state }：此类检查对象不应列入名录库，除非抽取方案的 frame.listed 写明该状态
frame-later = 晚于名录基准日 { $as_of }
frame-count = 不是 0 至 999999999 的整数
frame-not_canonical = 不符合检查对象名录行的排列和取值
frame-level_by_rules = 填写了等级，而等级由规则包统一评定：请将该单元格留空，或在规则包中写明以登记等级为评定起点（rating.start.stated）
frame-order = 未排在 { $after } 之后：分批读入的各行须按标识升序排列，每个标识只出现一次
frame-units_order = 检查对象未按标识升序排列
roster-duplicate = 已见于第 { $first } 行：同一执法检查人员只占一行
roster-unknown_department = 不在抽取方案的部门（roster.departments）之中；可用的有：{ $known }
roster-unknown_qualification = 不在抽取方案的资质（roster.qualifications）之中；可用的有：{ $known }
roster-certificate_expired = 至 { $as_of } 已经过期：无有效执法证件的人员不得选派，除非抽取方案的 roster.listed 写明 expired
roster-no_division = 未写明管辖区划
roster-unknown_division = 不在方案的行政区划表（frame.divisions）中
division-name = { $code } 没有 1 至 200 字的名称
division-mixed = { $code } { $error }，而表中其他代码是 GB/T 2260 代码；其他区划表须有条目写明上级（parent）
division-parent = { $code } 的上级 { $parent } 不在行政区划表中：请补上，或改写上级
division-cycle = { $codes }：逐级互为上级，成了环，没有最上一级
division-deep = { $code } 之上已有 5 级：行政区划表最多五级
division-level_of_digits = { $level } 是 GB/T 2260 的层级，而行政区划表用的是其他代码，其层级为 { $levels }
division-level_of_own = { $level } 是写明上级的区划表的层级，而区划用的是 GB/T 2260 代码，其层级为 { $levels }
division-level_deep = { $level } 是第 { $depth } 级，而表中区划最深只到第 { $deepest } 级
roster-count = 不是 0 至 999999 的整数
roster-load = 不是 0 至 1000000 的整数
roster-unknown_role = 不是有效身份：expert（专家）、third_party（第三方机构）、grid（网格员）、uncertified（辅助人员）
roster-officer = 已列在执法检查人员名录中：专家不能同时是执法检查人员
roster-not_canonical = 不符合执法检查人员名录行的排列
roster-unknown_inspector = 不在执法检查人员名录中
roster-unknown_ground = 不是有效的回避类型：statutory（法定）、requested（申请）、decided（决定）
roster-duplicate_recusal = 与同一检查对象的回避已见于第 { $first } 行
roster-rows_order = 执法检查人员、专家或回避名单未按顺序排列
roster-numbers = { $id } 的任务上限大于 { $most }，或已办任务数大于 { $load }

## 文件格式
form-at = { $what }（第 { $line } 行第 { $column } 列）
form-missing_field = 缺少字段 { $field }
form-duplicate_field = 字段 { $field } 重复
form-twice = 字段 { $key } 出现两次
form-unknown_field = 没有 { $field } 这个字段；此处可用：{ $known }
form-unknown_word = 没有“{ $found }”这个取值；此处可用：{ $known }
form-wrong_type = 类型不符：此处为 { $found }，应为 { $expected }
form-wrong_value = 取值不符：此处为 { $found }，应为 { $expected }
form-trailing = 文件结尾之后还有内容
form-cut = 文件不完整，提前结束
form-syntax = 此处不符合 JSON 格式：{ $text }
form-value = 取值有误：{ $text }
form-empty = 为空，不是 JSON 文件
form-mark = 以字节顺序标记（BOM）开头，已公布的文件不应带有该标记
form-no_json = 不是以 {"{"} 或 [ 开头的 JSON 文件，开头是“{ $line }”
form-null = { $place } 为 null：应将该字段整个略去
form-utf8 = 不是 UTF-8 编码的文字
form-document = 这是 { $found } 文件，此处需要 { $wanted } 文件
json-unsupported = 规范 JSON 不允许 { $what }
json-integer_range = { $value } 超出 2^53 - 1，有的程序读取时会失真
json-not_canonical = 不是规范 JSON：从第 { $at } 字节起与规范写法不同

## 抽取方案、规则包、年度计划共用
document-rule = { $place }：{ $rule }
document-range = { $value } 不在 { $least } 至 { $most } 之间
document-at_most = { $value } 大于 { $most }
document-too_long = 有 { $length } 项，最多 { $most } 项
document-empty = 为空
document-repeats = { $value } 重复
document-stands_twice = 重复出现
document-unknown = { $code } 不在 { $list } 之中
document-kinds = 机构类别重复，或写明了没有的类别
document-basis = 依据为空或不是文字：每条规则都须写明出处
document-share = { $share } 不大于 0 或大于 1
document-above_one = 大于 1
policy-rules = 共 { $rules_count } 处不符合规则：{ $rules_lines }
pack-rules = 共 { $rules_count } 处问题：{ $rules_lines }
rule-count = 要求的次数不在 1 至 { $most } 之间
rule-raising = 写明了可能降低的信号 { $signal }：信号减少不得使要求降低
rule-reserved_reason = { $code } 是协议保留的原因代码，请改用其他代码
rule-exempts_every_unit = visits_at_least 为 0，将免除全部检查对象
rule-holds_for_every_unit = 为 0：对全部检查对象都成立
ratio-bounds_nothing = 没有任何约束：min、max、least、all_below 均未填写
ratio-crossed = 下限 { $min } 大于上限 { $max }
ratio-total = 对全体检查对象无意义
ratio-value = { $code } 不是该层级的取值：不会约束任何检查对象
frequency-entries = 风险等级 { $risk }、信用等级 { $credit } 有 { $count } 条抽查频次，应恰有 1 条
frequency-unknown_level = 风险等级 { $risk }、信用等级 { $credit } 不在名录的等级之中
frequency-slack = 为 { $slack }：最多 5 次
frequency-cycles = { $cycles } 个周期、每周期 { $visits } 次，合计不足一次：没有检查对象必定被检查
frequency-falls = 等级由 { $low_risk }/{ $low_credit } 升至 { $high_risk }/{ $high_credit } 时，抽查频次由 { $a } 降至 { $b }

## 抽取方案
policy-document = 不是抽取方案
policy-window = 早于名录基准日（as_of）{ $as_of }
policy-number_zero = 为 0：一家也抽不出
policy-frequency_missing = 缺少抽查频次表，而方案按频次抽取
policy-guard_stratum = { $guard } 不在分层（strata）之中
policy-ratio_stratum = { $level } 不在分层（strata）之中
policy-guards_empty = 为空，最低覆盖率将无处适用
policy-round = 本轮份额 { $share }、其余份额 { $rest }：须满足 share ≤ rest ≤ 1
policy-share_zero = 为 0，而本周期尚有 { $rest } 未抽
policy-surprise_whole = { $surprise } 不小于 1
policy-surprise_design = 只用于按频次抽取：其他抽取方式本来就使每家都可能被抽到
policy-batch_zero = 为 0：批次从 1 起编号
policy-cap_of_key_item = 限制了检查次数，而事项 { $code } 是重点检查事项：重点检查事项不设上限
policy-limit_of_key_item = 限制了抽查比例，而事项 { $code } 是重点检查事项：重点检查事项不设上限
policy-population_empty = 没有写明任何范围：若为全部检查对象，请略去本项
policy-population_division = { $division } 不包含 frame.divisions 中的任何区划
policy-source_after_window = { $at } 才揭晓，晚于检查起始日（window.from）{ $from }
team-limit_zero = 为 0：任何组的人员都不能选派
team-rotation = 为 false，而回头看须由上次未到场的人员进行
team-days_order = 未按日期先后排列
team-day_outside = { $day } 不在检查期间 { $from } 至 { $to } 之内
team-alone_in_china = 允许单人检查，而区划用的是 GB/T 2260 代码：《行政处罚法》第四十二条要求执法人员不得少于两人
team-alone_unused = 写了允许单人检查的依据，而各部门派出的都不止一人：请删去
team-reach = { $level } 就是区划本身：请写 own
team-officers = { $officers } 不在 2 至 20 之间：依法须有两名以上执法人员
team-officers_alone = { $officers } 不在 2 至 20 之间：如可由一人检查，请在 team.alone 写明允许一人检查的规定
team-places = { $kind } 处设 { $places } 个岗位，而只有 { $officers } 名执法人员
team-bars_nobody = 没有写明身份或机构类别：不会限制任何人
team-member_post = member 是未任其他岗位者的岗位，不必写出
team-lead_post = 只有牵头部门可设组长
team-lead_places = 组长名额为 { $places }，应为 1
team-needs = 不在 roster.qualifications 之中
team-kind_twice = 机构类别重复
team-kinds = 为空，或写明了 frame.kinds 中没有的类别
team-qualification = { $kind }：{ $qualification } 不在已定义的类别和资质之中
team-cap_by_day = 未设 team.days 时无意义：检查没有确定日期
team-pin_post = 没有部门设 { $post } 岗位
rating-unknown_level = 写明了没有的等级
rating-stated_signal = 写明了 { $signal }，该信号只用于名录中登记的等级
rating-lowering_order = 未按升序排列，或多于 1000 个信号
rating-stage_empty = 没有规则
rating-list = { $does } 不属于 { $list }
rating-order = 写明不分先后（any_order），而 { $mixed } 的先后会影响结果
rating-too_many = 有 { $count } 条规则，最多 1000 条
rating-effect_empty = { $does } 既未写风险等级也未写信用等级
rating-steps = 升降级数不在 1 至 64 之间
rating-lowers_freely = { $does } 降低等级，而未要求任何可以降低等级的信号
rating-lowers_for = 因 { $signal } 降低等级，而 lowering 未列该信号
rating-lowers_below = 因 { $signal } 少于某数而降低等级，而该信号本身可以降低等级
rating-raises_for = 因 { $signal } 提高等级，而 lowering 列有该信号
rating-raises_below = 因 { $signal } 少于某数而提高等级：该信号增多反而会降低等级

## 随机源
source-dice = 掷 { $count } 次 { $sides } 面骰：可掷 1 至 200 次，骰子为 2 至 10 面
source-lottery = 号码区不成立：每区抽取 1 至 of 个号码，全部合计不足 127 位
source-chain = 不是已知的 drand 链：{ $chain }
source-genesis = 该链的起始时刻为 { $first }，周期为 { $every } 秒
source-round_beyond = 第 { $round } 轮超出日历范围
source-round_due = 第 { $round } 轮于 { $due } 揭晓，而不是 { $at }
source-shares = 份额不成立
beacon_plan-too_many = 有 { $count } 个随机源，最多 16 个
beacon_plan-lead = 提前量为 { $lead } 秒，最多 { $most } 秒
beacon_plan-impossible = 随机源 { $id } 不成立：{ $why }
beacon_plan-name = 随机源 { $id } 中的名称“{ $name }”不可用：见证人、彩票、期号、参与方为 1 至 200 个可见的文字、数字和规范 1.10 所列符号
beacon_plan-chance_twice = 随机源 { $id } 的同一次开奖或掷骰被计算两次
beacon_plan-witness_twice = 随机源 { $id } 的见证人被计算两次：一名见证人面前只掷一次
beacon_plan-bits = 各随机源合计 { $bits } 位，至少需要 128 位
beacon_plan-shares_twice = 份额随机源出现两次
beacon_plan-parties = 份额随机源 { $id } 须有 2 至 16 个不同的参与方
beacon_plan-after_shares = 份额随机源 { $id } 之后的随机源不足 64 位：最后公开份额的一方可以选择结果
beacon_plan-fallback_of = 为 { $of } 设有备用源，而它不是可能中断的随机源
beacon_plan-fallback_twice = 为 { $of } 设有多个备用源，或以份额作为备用源
beacon_plan-fallback_of_round = 为 { $of } 设有备用源：drand 的轮次可能迟到，但不会永久缺失；宣布其中断等于抽取两次
beacon_plan-fallback_not_public = 以 { $id } 作为 { $of } 的备用源：公开随机源只能由公开随机源替代
beacon_plan-fallback_time = { $of } 的备用源的启用时刻（after）早于 { $of } 揭晓之时，或不早于 { $id } 揭晓之时
beacon_plan-order = { $id } 于 { $at } 揭晓，此时各公开随机源均已揭晓：掷骰或录入的人可以选择结果；应以 64 位以上的公开随机源收尾

## 规则包
pack-field = 不是此处可用的字段，或写明了应略去的默认值
pack-document = 不是规则包
pack-year = { $year } 不是有效年份
pack-cite_missing = 缺少依据：每条规则都须写明所出文件
pack-cite_document = { $document } 不在文件清单（documents）之中
pack-cite_text = 依据有 { $count } 个字符，应为 1 至 200 个可见字符
pack-reading = 理解说明（reading）为空
pack-days = { $days } 日不在 1 至 36500 之间
pack-stated_signal = { $code } 用于名录中登记的等级：请改用其他代码
pack-document_texts = 标题、文号和发文机关应为 1 至 200 个字符的文字
pack-nameless = { $code } 没有 1 至 200 个字符的名称
pack-reserved_post = { $code } 是每个检查组都有的岗位
pack-lowering_feature = 写明了特征 { $feature }，没有任何信用档案记录支持该特征
pack-results = 没有 { $kind } 类的检查结果：将无法办结检查，或无法登记未能检查
band-level = 须针对一个层级：风险等级或信用等级
band-unknown_level = 没有等级 { $level }
band-floor = 上限为 { $max }，而该层级每个等级的最低覆盖率为 { $minimum }
band-bounds_nothing = 没有任何约束：请写明上下限，并略去没有上下限的比例或频次
band-crossed = 下限大于上限
band-share = 比例大于 1
band-entry = 与 { $risk }/{ $credit } 的频次 { $visits } 相抵触：{ $bound }
bound-at_least = 至少 { $least } 次
bound-below = 少于 { $below } 次
bound-share_at_least = 比例至少 { $min }
bound-share_at_most = 比例至多 { $max }
bound-at_most_share = 比例至多 { $max }
bound-below_visits = 每年少于 { $n } 次
bound-at_least_share = 比例至少 { $min }
bound-at_least_visits = 每年至少 { $n } 次
ladder-lowering = 是凭表现取得的信号：rating.lowering 须列明
ladder-steps = 少于两级
ladder-passes = 第 { $step } 级：除最后一级外，每级须通过 1 至 1000 次
ladder-fails_to = fails_to { $fails_to } 不低于最后一级：不合格须有后果
result-count = 提高信号的次数不在 1 至 999999999 之间
result-reward = 提高或开启了可以降低等级的信号 { $signal }：发现问题反而得益
result-praised = 是合格结果，却提高了信号
coverage-guards = 为空，或层级重复
cap-zero = 为 0：将免除全部检查对象
exclusion-cap = 属于次数上限：次数上限应写在 caps 中
attendance-role_twice = 身份重复
item-lowering = 适用于有 { $signal } 的对象，而该信号可以降低：事项会随之消失
item-responsible = 由部门 { $department } 负责，而责任清单写明由 { $listed } 负责
item-division = 适用于 { $division }：不在规则包的行政区划表中；规则包没有区划表时，须为 GB/T 2260 代码
item-expert = 需要专家，而 attendance.experts 为 false
item-expert_barred = 只在企业需要专家，而 attendance 限制了全部身份到企业
responsibility-twice = { $department } 在 { $item } 中有两种角色

## 年度计划
programme-pack = 计划依据 { $own_year } 年的 { $own }，给出的规则包是 { $year } 年的 { $given }
programme-no_tasks = 没有抽查任务
programme-division_twice = 行政区划重复
programme-no_batch = 任务 { $task } 没有第 { $batch } 批
programme-policy = 任务 { $task } 第 { $batch } 批：{ $problems }
programme-pack_of_policy = 计划依据 { $year } 年的规则包 { $own }，给出的是 { $given_year } 年的 { $given }
programme-two_lists = 年度计划与规则包都有行政区划表：请删去其中一个
programme-item_division = 规则包的事项 { $item } 按 GB/T 2260 区划适用，而年度计划用的是其他区划表
programme-task_twice = 任务 { $task } 重复
programme-scope = 范围代码 { $scope }：{ $error }
programme-unknown_unit = 检查对象 { $unit } 已被抽中，但不在名录中
task-references = { $rules }
task-no_items = 没有抽查事项：没有法定依据不得检查
task-unknown_signal = { $code } 不是规则包的信号、阶梯或特征
task-unknown_department = { $department } 不是规则包的部门
task-department_twice = { $department } 参加两次
task-item_twice = 抽查事项 { $code } 重复
task-unknown_item = { $code } 不在规则包的抽查事项清单之中
order-shares = 各批次的份额之和为 { $sum }，应为 1
order-shares_before = 前面各批次的份额之和大于 1
order-number = 按家数抽取的任务只能有一批
order-batches = 抽取日期不晚于前一批
order-as_of = 名录基准日为 { $as_of }，晚于抽取日 { $drawn }
order-matched = 匹配人员的日期为 { $matched }，早于抽取日 { $drawn }
order-visits_after_draw = 检查自 { $from } 开始，不晚于抽取日 { $drawn }
order-visits_after_teams = 检查自 { $from } 开始，早于匹配人员
order-recusals = 回避申请截至 { $recusals }，此时检查人员尚未匹配
order-published = 公示日期为 { $published }，早于最后一次检查
order-year = 抽取日 { $drawn } 不在本年度
order-working_day = 抽取日 { $drawn } 不是日历中的工作日
order-beacon = 有随机数在抽取日 { $drawn } 之后才揭晓
finding-reference = { $place }：{ $rule }
finding-item_uncovered = 抽查事项 { $item } 未列入任何任务：抽查事项清单中的每一事项都须覆盖
finding-item_without_subjects = 抽查事项 { $item } 在所列任务（{ $tasks }）中不适用于任何检查对象
finding-item_by_chance = 抽查事项 { $item } 可能因随机而落空：{ $tasks } 预计检查 { $expected } 次，没有一次是必然的
finding-item_department = 任务 { $task } 含抽查事项 { $item }，而负责该事项的 { $department } 未参加
finding-mixed_classes = 任务 { $task } 含重点检查事项，因此其中的一般检查事项（{ $general }）也不设上限
finding-joint = 本年度有 { $have } 次部门联合抽查，至少应有 { $least } 次（{ $basis }）
finding-cap = 次数上限 { $cap }：{ $tasks } 预计对 { $units } 家检查对象检查最多 { $expected } 次，最多允许 { $visits } 次（{ $basis }）
finding-without_floor = { $kinds } 未列入任何有最低覆盖率的任务（{ $basis }）
finding-band = 比例区间 { $band }：{ $tasks } 对 { $level } 级预计为 { $expected }，规定为{ $bound }（{ $basis }）
finding-deadline = 任务 { $task } 第 { $batch } 批：{ $deadline ->
        [match] 匹配检查人员
        [publish] 公示检查结果
       *[recusal] 回避决定
    }日期为 { $stated }，最迟应为 { $latest }（{ $basis }）
finding-deadline_beyond = 任务 { $task } 第 { $batch } 批：{ $deadline ->
        [match] 匹配检查人员
        [publish] 公示检查结果
       *[recusal] 回避决定
    }日期为 { $stated }，其期限超出工作日历的范围（{ $basis }）
finding-order_of_task = 任务 { $task }：{ $rule }
finding-order = 任务 { $task } 第 { $batch } 批：{ $rule }
finding-empty_forms = 任务 { $task }：其抽查事项对 { $units } 家检查对象无一适用（首家为 { $first }）：任务的对象范围过宽
finding-overlap = 任务 { $task } 第 { $batch } 批：名录基准日为 { $as_of }，而前一批的检查持续到 { $until }
finding-mergeable = 任务 { $first } 与 { $second } 在 { $from } 至 { $to } 都针对 { $units } 家检查对象：合并为一次联合抽查，只需进门一次
finding-batches = 任务 { $task }：每家应检查 { $visits } 次，其批次最多检查 { $most } 次：须增加批次
finding-attendance_of_none = 抽查事项 { $item } 在 { $kinds } 需要专家，而专家一律不得前往（{ $basis }）
finding-attendance = 抽查事项 { $item } 在 { $kinds } 需要专家，而只有本机关专家库的专家可以前往（{ $basis }）
finding-refused = 任务 { $task } 第 { $batch } 批：{ $because }
follow-answers = 检查表未逐项填写：缺少 [{ $missing }]，表中没有 [{ $unknown }]，重复 [{ $twice }]
follow-unknown_result = { $result } 不是规则包的检查结果
follow-kind = 检查{ $visited ->
        [true] 已进行
       *[false] 未进行
    }，检查结果 { $result } 与之不符
follow-unknown_task = { $task } 不是年度计划中的任务
follow-nothing_to_check = 没有可检查的内容：任务的抽查事项对该检查对象均不适用

## 年度台账与信用档案
cycle-duplicate = 检查对象 { $unit } 有两条年度记录
cycle-team = 检查对象 { $unit } 的上次检查组中有人员重复
cycle-phase = 检查对象 { $unit } 的相位，其 slack 大于 5 或次数大于 10000000
cycle-counts = 检查对象 { $unit }：抽中 { $drawn } 次、已检查 { $visits } 次、未能检查 { $missed } 次、其他检查 { $others } 次、计入 { $credited } 次、窗口 { $cycles } 个周期：已检查与未能检查之和不得多于抽中次数，各项不得多于 1000000，窗口为 1 至 20 个周期
cycle-unsettled = 检查对象 { $unit } 尚有 { $pending } 次待查，而未结的抽取没有相应记录
cycle-spent = 本周期已用份额为 { $spent }：大于 1，或小于未结抽取所占的份额
cycle-open = 未结的第 { $draw } 次抽取：{ $rule }
cycle-open-number = 编号不在前一次抽取之后，或大于最后一次抽取的编号
cycle-open-settled = 已无待查，而它不是最后一次抽取
cycle-open-units = 检查对象未按升序排列
cycle-open-phase = 某检查对象的相位不是抽取能给出的，或与此前相同
cycle-open-standing = 写明了没有年度记录的检查对象，或同一记录开始两次，或窗口不在 1 至 20 个周期之间
cycle-open-pending = 待查次数多于抽中次数
cycle-open-order = 各次抽取未按升序排列，或编号大于 10^12
cycle-pending = 第 { $draw } 次抽取在检查对象 { $unit } 尚有待查：请先在该次抽取的台账中登记结果，然后才能进行其他抽取
cycle-item = 抽查事项 { $code } 记为检查 { $count } 次：应为 1 至 1000000000000 次
cycle-file = 年度台账文件须有 document、protocol 和 salt_key，且没有 salt
event-not_open = 第 { $draw } 次抽取不处于未结状态
event-not_next = 第 { $draw } 次抽取不能接在第 { $last } 次之后
event-not_last = 第 { $draw } 次抽取不能作废：其后已有第 { $last } 次抽取
event-not_drawable = 检查对象 { $unit } 不可能在第 { $draw } 次抽取中被抽中
event-not_pending = 检查对象 { $unit } 在第 { $draw } 次抽取中没有待查
event-pending_already = 检查对象 { $unit } 本身就在第 { $draw } 次抽取的待查之列
event-overspent = 本周期已用 { $spent }，第 { $draw } 次抽取还要用 { $share }
event-list = { $list } 未按顺序排列、有重复，或写明了不能写的内容
event-phase = 检查对象 { $unit } 不能以此相位开始
event-too_many = 检查对象 { $unit } 的预计检查次数或抽中次数将超出一个周期的容量
event-unsettled = 年度周期不能结束：{ $units } 家检查对象尚有未完结的检查，首家为 { $unit }
dossier-entry = 第 { $number } 条记录：{ $error }
entry-unknown_signal = { $signal } 不是规则包的信号
entry-not_clearable = { $signal } 不能消除：规则包没有写明可以消除
entry-unknown_result = { $result } 不是规则包的检查结果
entry-results = 缺少检查结果，或未按升序排列
entry-count = { $count } 不在 1 至 999999999 之间
entry-source = 来源不是 1 至 200 个可见字符的文字：每条记录都须写明来源
entry-withdrawal = 第 { $of } 条记录不能撤回：没有该记录，或它本身是撤回，或已被撤回

## 测算与封存
plan-nothing_to_draw = 无可抽取：名录有 { $units } 家检查对象，没有一家可以抽取{ $reasons_count ->
        [0] {""}
       *[other] （{ $reasons }）
    }
plan-unknown_level = 检查对象 { $unit } 为风险等级 { $risk }、信用等级 { $credit }，抽取方案没有规定其抽查频次
plan-more_than_one_visit = 检查对象 { $unit } 本轮应检查 { $due } 次：按其频次，每轮份额至多 { $share }，一个周期至少 { $rounds } 轮
plan-not_rated = 有 { $units } 家检查对象的等级与规则评定的不同；首家为 { $first }：登记为 { $stated }，评定为 { $rated }
plan-more_than_there_is = 要求抽取 { $asked } 家，可抽取的只有 { $there_are } 家
plan-fewer_than_certain = 要求抽取 { $asked } 家，而必查规则（certainties）已使 { $certain } 家必查
plan-bounds = 有 { $count } 处最低覆盖率或上限无法确保：{ $nodes_lines }
plan-exhausted = 检查对象 { $unit } 的预计检查次数或抽中次数已达一个周期的容量：请先结束年度周期
plan-round = 本周期已抽 { $spent }，按抽取方案尚余 { $rest }：两者之和不为 1
plan-cost = { $visits } 次检查，岗位与候选人员最多 { $pairs } 对，上限为 { $budget }
bounds-enough = 抽取 { $number } 家（design.number）即可
bounds-floor = { $node }：在册 { $active } 家中须查到 { $quota } 家，已查 { $reached } 家，免查 { $exempt } 家；本次还须 { $needed } 家，能确保的为 { $sure } 家{ $rules_count ->
        [0] {""}
       *[other] （{ $rules }）
    }{ $enough_count ->
        [0] {""}
       *[other] ；{ $enough }
    }
bounds-contradictory = { $node }：在册 { $active } 家中须查到 { $quota } 家，而至多允许 { $limit } 家，已查 { $reached } 家{ $rules_count ->
        [0] {""}
       *[other] （{ $rules }）
    }{ $enough_count ->
        [0] {""}
       *[other] ；{ $enough }
    }
bounds-limit = { $node }：在册 { $active } 家中至多允许查 { $limit } 家，已查 { $reached } 家，尚余 { $left } 家；必查对象和所含下限需要 { $sure } 家{ $rules_count ->
        [0] {""}
       *[other] （{ $rules }）
    }{ $enough_count ->
        [0] {""}
       *[other] ；{ $enough }
    }
cells-row = 分层表第 { $index } 行未按顺序排列、为空，或其路径、家数与抽取方案不符
seal-source_not_after_seal = 随机源 { $id } 于 { $at } 揭晓，不晚于封存时刻 { $sealed_at }
seal-lead_too_short = 封存时刻 { $sealed_at } 不早于 { $by }，即首个随机源揭晓前 { $lead } 秒（抽取方案的提前量）：请提前封存，或改用较晚的随机源
seal-as_of_after_seal = 名录基准日（as_of）{ $as_of } 晚于封存时刻 { $sealed_at }
seal-reveal_too_late = 公开保密随机数的日期 { $reveal_by } 距封存时刻 { $sealed_at } 超过 731 日
seal-secret_missing = 抽取方案规定延期公开：须有保密随机数
seal-secret_unexpected = 抽取方案规定即时公开：不得有保密随机数，否则会掩盖种子
seal-numbers = 抽取编号 { $sequence } 和次数 { $attempt } 均从 1 起
seal-other_salt_key = 各行统计时用了另一保密参数：请用统计时的保密参数封存
seal-too_large = 规模过大，无法复算：{ $cost }。请设定随机候选人数（team.shortlist），缩小管辖范围（team.jurisdiction），或分批抽取
seal-not_next = 抽取编号 { $sequence } 未接在本周期最后一次抽取 { $last } 之后
reopen-other_salt_key = { $document } 与检查对象名录的保密参数不同：封存之后有改动
reopen-differs = 按所给资料得到的封存摘要为 { $found }，与已公布的 { $published } 不同：封存之后有改动

## 随机数、人员与台账
beacon-number = 方案有 { $sources } 个随机源，给出了 { $values } 个随机数
beacon-source = 第 { $place } 个随机数来自 { $found }，按方案应来自 { $expected }
beacon-form = “{ $found }”不能作为 { $expected } 的随机数，应为：{ $rule }
beacon-every_share = 全部份额：缺少一份，本次抽取即告失败
beacon-no_pulse = 不带签名的随机数：只有 drand 的轮次带有签名
beacon-faces = { $count } 个点数，每个为 { $first } 至 { $last }，中间不留空格
beacon-numbers = { $shape }：号码升序、位数相同，以“.”相连；各区以“+”相连
beacon-randomness = 64 位小写十六进制数，即该轮的随机数
beacon-shares = { $count } 份与承诺相符的份额或“-”，以“+”相连
beacon-pulse = 该链的签名；逐轮相连的链须同时给出前一轮的签名
beacon-pulse_hash = 其签名的 SHA-256 值 { $hash }
replacement-visit = 检查对象 { $unit } 不在本次检查任务之中，或不在本次抽取的名录中
replacement-not_there = { $id } 不在检查对象 { $unit } 的检查组中
replacement-unknown = { $id } 不在执法检查人员名录中
replacement-unfit = { $id } 已在检查对象 { $unit } 的检查组中，或不在执法检查人员名录中
teams-order = 检查任务未按检查对象升序排列
teams-day = 检查对象 { $unit } 的检查日期不在抽取方案之中
ledger-line = 第 { $line } 行：{ $error }
ledger-cut = 最后一行不完整：未以换行结束
note-form = 不是有效的签名文本，应为：{ $rule }
note-key = “{ $text }”不是公钥：应为 <名称>+<8 位十六进制数>+<类型和 32 字节的 base64>
note-checkpoint = 不是台账检查点：应有三行，依次为来源、行数、根
note-rule-name = 名称中没有空格和“+”
note-rule-newline = 每行以换行结束
note-rule-lines = 各行不为空，且没有控制字符
note-rule-blank = 正文之后有一空行
note-rule-signatures = 最多 16 个签名
note-rule-signature = 签名行依次为破折号、名称和 base64
witness-origin = 该检查点属于 { $found }，此前签名的属于 { $signed }
witness-size = 该检查点有 { $found } 行，此前签名的有 { $signed } 行：台账只增不减
witness-second = 所给证明不能说明台账以此前签名的 { $signed } 行开头
ledger-refused = 第 { $number } 条不符合台账规则（{ $rule }）：{ $why }

## 字段
field-id = 标识
field-name = 名称
field-division = 行政区划
field-kind = 机构类别
field-risk = 风险等级
field-credit = 信用等级
field-status = 状态
field-opened = 开业日期
field-grid = 网格
field-licences = 许可证
field-signals = 信号
field-department = 部门
field-office = 科室
field-divisions = 管辖区划
field-qualifications = 资质
field-certified_from = 执法证生效日期
field-certified_until = 执法证有效期至
field-absences = 请假
field-cap = 任务上限
field-family = 亲属组
field-load = 已办任务数
field-expert-id = 专家编号
field-expert-name = 专家姓名
field-expert-organisation = 所属机构
field-expert-divisions = 服务区域
field-expert-qualifications = 专业
field-expert-engaged_from = 聘期起
field-expert-engaged_until = 聘期止
field-expert-absences = 不可用日期
field-expert-cap = 任务上限
field-expert-family = 亲属组
field-expert-load = 已办任务数
field-expert-role = 身份
field-recusal-inspector = 检查人员
field-recusal-unit = 检查对象
field-recusal-ground = 回避类型
field-recusal-basis = 事由及依据

## 表格的栏目
field-address = 地址
field-approved_by = 批准人
field-basis = 事由及依据
field-by = 替换为
field-code = 统一社会信用代码
field-complaints = 投诉举报
field-count = 次数
field-date = 日期
field-engaged_from = 聘期起
field-engaged_until = 聘期止
field-entry = 登记类型
field-evidence = 证明材料
field-exposure = 累计期望次数
field-ground = 回避类型
field-hazards = 安全隐患
field-heading = 表头
field-inspector = 检查人员
field-items = 抽查事项
field-last_team = 上次检查人员
field-last_visit = 上次检查日期
field-level = 批准层级
field-licence = 许可证号
field-licence_until = 许可证有效期至
field-officer = 缺岗人员
field-organisation = 所属机构
field-penalties = 行政处罚
field-ratio = 抽查比例
field-reason = 未检查原因
field-result = 检查结果
field-role = 身份
field-serious = 严重失信
field-signal = 信号
field-source = 来源
field-team = 检查人员
field-title = 抽查任务名称
field-unit = 检查对象
field-until = 止期
field-visits = 检查次数

## 规则的位置
place-rating_rule = 评级规则
place-rating_stage = 评级步骤
place-band = 比例区间
place-ladder = 阶梯
place-result = 检查结果
place-cap = 次数上限
place-certainty = 必查规则
place-exclusion = 免查规则
place-item = 抽查事项
place-task = 任务
place-others = 其余
place-numbers = 数值
place-signals_ladders_and_features = 信号、阶梯和特征
place-caps_certainties_and_exclusions = 次数上限、必查规则和免查规则

## 台账
ledger-content = 第 { $number } 条：不是该封闭条目的内容
pack-slack_items = 为空：不适用于任何任务
order-revealed = 公开保密随机数的日期为 { $reveal_by }，不在最后一次检查与公示日期 { $published } 之间


## 办公程序：用法
office-usage-unknown_argument = 没有 { $argument } 这个选项；各选项见 office --help
office-usage-unknown_command = 没有 { $command } 这个命令；各命令见 office --help
office-usage-missing = 缺少 { $argument }
office-usage-conflict = { $argument } 不能与 { $other } 同时使用
office-usage-no_value = { $argument } 须写明取值；可用：{ $known }
office-usage-value = { $argument } 不能为“{ $value }”；可用：{ $known }
office-usage-value_of_form = { $argument } 不能为“{ $value }”：{ $why }
office-usage-no_command = 请写明命令；各命令见 office --help
office-usage-twice = { $argument } 只能写一次
office-usage-other = 命令行有误；用法见 office --help

## 核验报告
report-pass = 通过    { $check }
report-fail = 不通过  { $check }：{ $why }
report-not_run = 未核对  { $check }：{ $because }
report-silent_round = 请注意  第 { $draw } 次抽取（第 { $attempt } 次尝试）：{ $id } 被宣布中断。请从任一 drand 中继取得链 { $chain } 的第 { $round } 轮；如已公布，请作为另行取得的随机数给出，除非机关补录并公开该次抽取，台账即被推翻
report-rests_on = 依赖    { $people }：抽取 { $draws } 没有公开随机源
report-no_public_source = 依赖    { $people }：本次抽取没有公开随机源
report-list = 请注意  { $heading }：第 { $entries } 条
report-batch_left_out = 请注意  第 { $entry } 条备案的第 { $batch } 批未抽取
report-drop_out = 请注意  第 { $number } 条：不能到岗人员的任务尚未交由他人
report-not_drawn = 请注意  第 { $draw } 次抽取（第 { $attempt } 次尝试）已封存而未抽取
report-hidden = 请注意  第 { $draw } 次抽取（第 { $attempt } 次尝试）尚未公开
report-secret_overdue = 请注意  第 { $draw } 次抽取（第 { $attempt } 次尝试）的保密随机数逾期未公开
report-closed_lines = 请注意  第 { $draw } 次抽取（第 { $attempt } 次尝试）：{ $count } 条封存，至 { $day } 公开
report-closed_lines_due = 请注意  第 { $draw } 次抽取（第 { $attempt } 次尝试）：{ $count } 条封存，其内容应公开而未给出
report-year = 年度    第 { $entry } 条备案 { $count } 次抽取，共占全年 { $share }
report-visits_unnamed = 请注意  第 { $draw } 次抽取（第 { $attempt } 次尝试）：{ $number } 次待查；没有给出写明对象的抽取记录
report-visits_overdue = 请注意  第 { $draw } 次抽取（第 { $attempt } 次尝试）：{ $number } 次检查应于 { $until } 前完成而未录入：{ $names }
report-names = { $names }
report-names_more = { $names }，另有 { $more } 家
report-visits_to_come = 请注意  第 { $draw } 次抽取（第 { $attempt } 次尝试）：{ $number } 次待查，应于 { $until } 前完成：{ $names }
report-file_missing = 请注意  没有给出第 { $draw } 次抽取（第 { $attempt } 次尝试）的 { $file }；第 { $entry } 条载明已公示
report-register_change = 请注意  { $change }
report-more_changes = 请注意  名录另有 { $more } 处变更
report-actor = 录入人  { $actor }：录入 { $entries } 条，封存 { $seals } 次，抽取 { $draws } 次，首个随机数揭晓前后作废 { $voids_before } + { $voids_after } 次，替换检查对象和检查人员 { $replacements } + { $reassignments } 次，更正 { $amendments } 次，逾期 { $late } 次
report-compared = 已核对  { $basis }
report-missing = 尚缺    { $gap }
report-ledger_verdict = { $protocol }：{ $verdict }；{ $checks } 项核验中 { $passed } 项通过，{ $all } 条中 { $folded } 条前后相承
report-verdict = { $protocol }：{ $verdict }；{ $checks } 项核验中 { $passed } 项通过
report-origin_verdict = 规则来源：{ $verdict }

## 核验项目
check-digest = 记录摘要
check-policy = 抽取方案
check-cells = 分层表
check-table = 分层表
check-strata = 各层与方案相符
check-timing = 随机源在封存之后揭晓
check-seal = 封存
check-beacon_form = 随机数形式
check-pulse = 公开随机源的签名
check-beacon = 随机数
check-secret = 保密随机数与承诺一致
check-seed = 重新计算种子
check-allocation = 重新计算各层抽取家数
check-tickets = 重新计算签号
check-cutoffs = 各层抽中签号最小者
check-subsamples = 二次抽样
check-teams = 检查组人数和岗位
check-days = 检查日期
check-statements = 空缺和缺员说明
check-frame = 名录库文件
check-roster = 检查人员名录文件
check-cycle = 年度周期
check-plan = 重新推算抽取计划
check-sample = 重新抽取检查对象
check-eligibility = 检查人员资格与回避
check-assignment = 重新匹配检查人员
check-row = 名录库中的本行
check-cell = 所在的层
check-ticket = 重新计算本签号
check-count = 本层抽取家数
check-fate = 抽中、候补与签号相符
check-listed = 与公示名单相符
check-record = 抽取记录本身成立
check-pack = 规则包
check-programme = 年度计划
check-dossier = 信用档案
check-signals = 信号
check-levels = 等级
check-chain = 各条前后相接
check-times = 时间先后
check-opening = 建立台账
check-approval = 审批
check-batch = 批次
check-register = 名录日志
check-sequence = 抽取次序
check-chance = 随机源不重复使用
check-dating = 随机数录入时间
check-draw = 抽取
check-disclosure = 保密随机数的公开
check-publication = 公示
check-visits = 检查
check-void = 作废
check-amendment = 更正
check-checkpoint = 检查点：台账未被重写
check-witnesses = 见证人签名
check-deadlines = 期限
check-batches = 各批次与年度备案相符
check-records = 抽取记录与台账相符
check-values = 另行取得的随机数
check-replay = 各抽取记录重新核验
check-picks = 检查的是抽中的对象
check-assignments = 检查组与承诺相符
check-events = 年度事项
check-cycles = 年度台账
check-reserves = 按候补次序替换
check-reassignments = 重新匹配接替人员
check-people = 检查人数与人员
check-files = 公示的文件与台账摘要一致
check-contents = 封闭条目的内容

## 结论
verdict-confirmed = 核验通过
verdict-self-consistent = 内部一致，未全部核对
verdict-refuted = 核验不通过

## 办公程序：未执行的原因
office-notice-fact = “{ $word }”应写作 事项=文字
office-notice-unknown_fact = “{ $name }”不是公告的事项；可用：{ $known }
office-notice-long = { $name }：只限一行，最多 500 个字符
office-notice-not_sealed = 尚未封存，没有公告：请先执行 office plan，再执行 office seal
office-draw-not_drawn = 第 { $draw } 次抽取（第 { $attempt } 次尝试）尚未抽取
office-draw-nothing_sealed = 尚未封存：请先执行 office plan，再执行 office seal
office-draw-no_visits = 第 { $draw } 次抽取尚未抽取或已作废：没有检查任务
office-draw-not_sealed = 第 { $draw } 次抽取尚未封存
office-draw-attempt_not_sealed = 第 { $draw } 次抽取（第 { $attempt } 次尝试）尚未封存
office-bars-nobody = { $unit }：没有写明检查人员
office-bars-unknown = { $unit }：{ $id } 不在本次抽取的人员名录中
office-bars-none = --barred：检查组中没有名录限制的人员
office-option-unit = --unit “{ $text }”{ $error }
office-replace-not_drawn = { $out } 未在第 { $draw } 次抽取（第 { $attempt } 次尝试）中抽中
office-replace-which = 请用 --unit 写明不能检查的检查对象
office-reveal-none = 没有等待公开保密随机数的抽取
office-verify-no_ledger = { $folder }：其中及下一级文件夹中都没有 ledger.jsonl
office-values-own = { $file }：位于被核验的文件夹内，由公布方提供，不能作为依据；请向随机源另行查得
office-values-none = { $file }：其中没有随机数
office-values-several = { $file }：{ $source } 是多次抽取（{ $draws }）的随机源：请以抽取序号和轮次作文件名的开头，如 2.1.json，并逐个台账核验
office-habits-none = 尚无检查结果，没有可检验的内容
office-habits-ending = --out { $file }：廉政风险检验只写成 .xlsx 或 .json
office-amend-no_visit = 第 { $entry } 条不是检查结果、未能检查或其他检查
office-amend-same = 第 { $entry } 条已经是这些内容
office-entries-no_pack = 信用档案记录以规则包为依据，本机关没有规则包
office-result-which = 请写明 --result 检查结果，或 --missed 未能检查的原因
office-result-nothing = 请写明检查结果表，或 --unit：没有可录入的内容
office-result-level = 写有批准层级，而没有批准人
office-result-no_visit = { $unit } 在第 { $draw } 次抽取（第 { $attempt } 次尝试）中没有检查任务
office-result-evidence = 检查人员不能到岗：须附证明材料文件
office-result-team = 检查人员：随机抽查之外的检查没有抽取的检查组，须写明检查人员
office-result-contradicts = 登记类型写明已经检查，而检查结果写明未能检查
office-result-team_option = 请用 --team 写明检查人员：随机抽查之外的检查没有抽取的检查组
office-result-unit_option = 请用 --unit 写明检查对象
office-at-future = --at { $at } 是将来的时刻；只有演练可以录入：--rehearsal
office-approval-same_person = --approved-by { $by }：批准人不得与录入人（--actor { $actor }）相同
office-approval-missing = 请用 --approved-by 写明批准人；批准人不得与 --actor 相同
office-plan-despite = --despite：核对没有发现抽取方案违反的规定
office-plan-not_on_frame = { $id } 不在名录中
office-plan-large = 数字 { $number } 过大
office-plan-no_unit = “{ $text }”中的 { $number } 没有可以识别的单位（%、次、家）
office-plan-not_exact = 比例 { $number } 的小数位过多
office-plan-several = “{ $text }”有多个“{ $unit }”数，或不是整数：请写全年一个数
office-plan-yearly = “{ $text }”不是全年1至{ $most }次（每次单独抽取）：请写本年度抽取几次
office-plan-period = “{ $text }”把周期与数量写在一起：请写全年的数量，次数写作“几次/年”
office-plan-no_time = “{ $text }”不是可以识别的时间
office-plan-backwards = “{ $text }”的截止早于开始
office-plan-other_year = “{ $text }”不在年度计划的{ $year }年内
office-plan-no_amount = “{ $text }”不是可以识别的数量
office-plan-no_unit_assumed = “{ $text }”没有单位：按该列含义理解
office-plan-other_amount = “{ $text }”与前列数量不一致
office-plan-shares = 有多个比例，未写明各属何类：{ $each }
office-plan-levels = { $each }：分级比例由规则包的 ratios 规定，任务取其中最小的
office-plan-part = { $share } 只针对“{ $label }”：请另起一行单列，或删去该限定
office-plan-no_share = 抽查比例 { $share } 不成立
office-plan-draws = 每年抽取 { $draws } 次
office-plan-larger = 取较大的次数
office-plan-lower = “不低于”或区间：取下限
office-plan-upper = “不超过”：按该数抽取
office-plan-none_drawn = 数量为 0：不会抽取任何对象
office-plan-how_many = 既无比例也无数量：未写抽查多少
office-plan-agrees = { $count } 即 { $base } 家的 { $share }
office-plan-number_left = 数量 { $count } 不用（--prefer share）
office-plan-share_left = 比例 { $share } 不用（--prefer number）
office-plan-two_amounts = 比例 { $share } 与数量 { $count } 并列：仅当对象不足 { $most } 家时一致，而表中未写对象总数；用 --prefer share 或 number 指明以何为准
office-plan-two_amounts_of = 比例 { $share } 与数量 { $count } 并列：{ $base } 家的 { $share } 是 { $right } 家；用 --prefer share 或 number 指明以何为准
office-plan-number_draws = 按数量抽取的任务一次抽完，而本行写明抽取 { $draws } 次：请改写比例，或每次抽取各列一行
office-plan-number = 抽查 { $count } 家
office-plan-each_draw = { $draws } 次抽取每次 { $share }：全年 { $year }
office-plan-share = 全年抽查 { $share }
office-plan-no_day = { $day } 之后 { $days } 天超出日历
office-plan-no_instant = 时刻 { $at } 无法改期
office-plan-rounds = 随机源 { $id } 的轮次不在每日同一时刻
office-plan-issue = 随机源 { $id } 为 { $game } 第 { $issue } 期，改期后的期号无法推算：请让年度计划的首项任务使用骰子或 drand，或先把该任务连同期号写入年度计划
office-plan-commitments = 随机源 { $id } 载有各方份额的承诺，只能用于一次抽取：请让年度计划的首项任务使用骰子或 drand，或先把该任务连同承诺写入年度计划
office-plan-one_task = 与第 { $row } 行同为一项任务
office-plan-one_number = 两行的抽查数量合计为 { $count }
office-plan-two_numbers = 与第 { $row } 行同为一项任务，抽查数量都是 { $count }，而检查对象或抽查事项不同，未写明是合计抽 { $count } 户还是各抽 { $count } 户：请分别填写任务名称，或将检查对象、抽查事项合写为一行
office-plan-own_terms = 即年度计划原有任务 { $code }：计划表未写的规定保持不变
office-plan-own_design = 年度计划原定数量（{ $was }）改以计划表为准
office-plan-by_table = 规则包的频次表
office-plan-by_rate = 对象的 { $rate }
office-plan-own_draws = 原有的 { $draws } 次抽取保持不变
office-plan-no_model = 年度计划中没有任务可沿用随机源与公开方式
office-plan-short = { $from } 至 { $to } 太短，按规则包时限容不下 { $draws } 次抽取
office-plan-draw = { $drawn } 抽取，{ $from } 至 { $to } 检查，{ $published } 前公示
office-plan-stay = 原计划保留的任务：{ $names }
office-plan-left_out = 表中没有、不再保留的原任务（--keep 可保留）：{ $names }
office-plan-follows = 任务 { $task } 第 { $batch } 批：{ $why }
office-plan-no_tasks = { $file }：表中没有任务
office-plan-row = 第 { $row } 行：{ $title }
office-plan-whole = 年度计划：{ $title }
office-plan-refused = { $wrong } 处矛盾或无法确定，未写入任何文件：请逐条改正表格，或用 --means、--prefer 说明
office-plan-written = { $file }：{ $tasks } 项任务；下一步：office rules 或 office init，再用 office check 核对
office-plan-not_written = 可生成 { $tasks } 项任务；加 --out 文件 写入
office-plan-head_understood = 读作
office-plan-head_assumed = 推定
office-plan-head_unused = 未用
office-plan-head_contradicts = 矛盾
office-plan-unused = { $heading }“{ $what }”：不据此生成内容
office-plan-by_rules = { $heading }“{ $text }”：由规则包规定，不由计划规定
office-plan-above = { $heading }沿用上一行：{ $text }
office-plan-near = “{ $word }”按 { $name }（{ $code }）理解
office-plan-named = { $word } = { $code }
office-plan-no_department = 未写部门，按 { $code }
office-plan-leads = 写有多个部门：{ $leads } 发起，{ $join } 配合
office-plan-joint_alone = 写明联合检查，但未写配合部门
office-plan-not_joint = 写明不联合检查，却有配合部门 { $join }
office-plan-all_kinds = 未写对象：取事项适用的全部类别：{ $codes }
office-plan-level = 层级 { $text } = { $code }
office-plan-no_level = 未写实施层级，按 { $code }
office-plan-whole_year = 未写时间，按全年
office-plan-two_times = 时间“{ $one }”与“{ $other }”不一致
office-plan-time = { $text } = { $from } 至 { $to }
office-plan-open_begin = 只写了截止：自1月1日起
office-plan-open_end = 只写了开始：至12月31日
office-plan-means_pair = --means { $text }：应写作 词语=代码
office-plan-means_unknown = --means { $text }：{ $code } 不是规则包中的部门、事项或机构类别
office-plan-means_twice = --means { $text }：同一词语说明了两次
office-plan-means_idle = --means { $word }={ $code }：表中没有该词语
office-plan-prefer_idle = --prefer：没有比例与数量不一致的行
office-plan-unknown_department = 部门“{ $word }”不在规则包中；相近的有：{ $known }；用 --means { $word }=代码 指明
office-plan-unknown_item = 抽查事项“{ $word }”不在规则包中；相近的有：{ $known }；用 --means { $word }=代码 指明
office-plan-unknown_kind = 机构类别“{ $word }”不在规则包中；相近的有：{ $known }；用 --means { $word }=代码 指明
office-seal-no_policy = 下一次抽取的方案尚未批准：office plan --adopt --approved-by …
office-beacon-no_seal = 没有等待随机数的封存：请先执行 office seal
office-beacon-form = --value “{ $text }”应写作 随机源=随机数
office-beacon-nothing = 请写明 --value 随机源=随机数、--file 或 --silent：没有可录入的内容
office-receipt-not_on_frame = { $unit } 不在第 { $draw } 次抽取（第 { $attempt } 次尝试）的名录中
office-task-only = --task { $task }：本机关只抽取 { $scope }
office-task-which = 请用 --task 写明任务：{ $tasks }
office-witness-other = { $file }：该检查点不属于本台账
office-report-against = --against { $named }：数据库中没有该范围的台账
office-report-nothing = 尚未抽取：下一步见 office status
office-init-rules = 请写明 --template，或 --pack 与 --programme，或 --policy，或 --demo：须有抽取所依据的规则
office-init-cycle_task = --cycle { $task }=…：{ $task } 不是年度计划中的任务
office-init-two_shares = --spent { $text }：同一任务写了两个份额
office-init-spent = --spent：{ $file } 本身已写明已用份额；请不要写 --spent
office-init-two_states = --cycle { $text }：同一任务写了两个年度检查情况
office-init-spent_task = --spent { $task }：没有写明该任务的 --cycle
office-rules-not_closed = { $scope }：年度周期尚未结束，请先执行 office close
office-row-approval = 须写明批准人
office-row-two_of_name = 名为 { $text } 的有 { $ids }：请写明执法证号
office-row-officer = 请写明缺岗人员
office-row-not_on_roster = { $id } 不在本次抽取的人员名录中
office-study-no_pack = 本机关没有规则包，年度计划不能推出抽取方案：请写明抽取方案
office-import-where = --where “{ $text }”应写作 表头=值
office-import-no_rows = { $file }：表头以下没有数据行；未存入任何内容
office-import-changed = 另一次导入已同时改动名录；未存入任何内容，请重新导入
office-plain = { $words }

## 台账的规则
ledger-chain-number = 条目编号应为 { $expected }，实为 { $found }
ledger-chain-previous = 上一条的摘要应为 { $expected }，实为 { $found }：台账在此处被改动或另有录入
ledger-chain-entry = 该条目无法写出：{ $found }
ledger-times-back = 录入时刻 { $found } 早于上一条：应{ $expected }
ledger-opening-first = 第一条必须是建立台账，且只有第一条可以是建立台账
ledger-approval-by = 批准人 { $found } 就是录入人：须由他人批准
ledger-times-future = 日期 { $found } 是将来的日期：{ $expected }
ledger-visits-lists = 清单未按升序排列、有重复，或写出了应略去的 0
ledger-register-grows = 名录日志有 { $found } 行：应{ $expected }，名录日志只增不减
ledger-sequence-sealed = { $found } 没有封存
ledger-draw-drawn_before = 该次抽取已经计算，不得再次抽取
ledger-draw-sources = 尚有随机源未公布，或该次尝试已告失败：须有每个随机源或其备用源的随机数
ledger-draw-teams_of = 该次抽取尚未计算，或已经作废：不能匹配检查人员
ledger-draw-teams_before = 检查人员已经匹配，不得再次匹配
ledger-disclosure-draw = 只有已经计算的延期公开的抽取才公开保密随机数
ledger-disclosure-before = 保密随机数已经公开
ledger-disclosure-commitment = 所公开的保密随机数与封存的承诺不符：承诺为 { $expected }，所得为 { $found }
ledger-cycle-not_drawn = 年度周期不能结束：{ $found }
ledger-cycle-open_visits = 年度周期不能结束：{ $found }
ledger-approval-level = 批准层级不够：须{ $expected }，现为 { $found }
ledger-times-clock_entry = 第 { $found } 条不能作为时钟错误期间的首条：须是已有的条目，且不是第一条
ledger-times-clock_between = 更正后的时刻 { $found } 不合理：应{ $expected }
ledger-times-clock_too_early = 更正后的时刻过早：{ $found }
ledger-policy-despite = 须写明核对发现的问题，以及仍予批准的理由（1 至 200 个字符）
ledger-visits-barred = 名录限制的人员须属于检查组，并附证明材料
ledger-approval-barred_by = 批准人 { $found } 就是录入人：须由他人批准
ledger-opening-earlier = 上一年台账的来源、行数或年度周期有误：{ $found }
ledger-opening-witnesses = 见证人公钥应为最多 16 个互不相同、按升序排列的公钥
ledger-opening-quorum = 须签名的见证人数为 { $found }：应多于见证人的一半
ledger-batch-list = 备案的批次应为 1 至 366 个，编号自 1 起升序，份额之和不大于 1
ledger-batch-unknown = 第 { $found } 批不在本年度的备案中
ledger-batch-register = 该批次的备案（{ $found }）已被取代：抽取方案须重新批准
ledger-batch-taken = 第 { $found } 批已由另一次抽取使用
ledger-seal-authority = 封存的机关应为 { $expected }，实为 { $found }
ledger-seal-scope = 封存的范围应为 { $expected }，实为 { $found }
ledger-seal-previous = 封存所接的台账应为 { $expected }，实为 { $found }
ledger-seal-sealed_at = 封存时刻应为 { $expected }，实为 { $found }
ledger-seal-time = 封存不合时限：{ $what }应为 { $expected }，实为 { $found }
ledger-seal-form = 封存有误：编号须自 1 起，且只有延期公开时才有保密随机数的承诺
ledger-policy-not_adopted = 抽取方案 { $found } 未经批准用于本次封存
ledger-sequence-open_draw = 上一次抽取尚未办结，不能再次封存：{ $found }
ledger-sequence-number = 抽取编号应为 { $expected }，实为 { $found }
ledger-sequence-attempt = 尝试次数应为 { $expected }，实为 { $found }
ledger-chance-used = 随机源 { $found } 的同一次开奖或掷骰已用于另一次封存
ledger-beacon-source = 随机源 { $found } 不在方案之中、已经公布，或不是中断随机源的备用源
ledger-beacon-value = 随机数不合要求：{ $found }
ledger-dating-early = 录入时刻 { $found } 过早：应{ $expected }
ledger-dating-late = 录入时刻 { $found } 过晚：应{ $expected }
ledger-beacon-silent = 随机源 { $found } 不能宣布中断：须是方案中尚无结果的随机源，且不是份额
ledger-dating-silent = 宣布中断的时刻 { $found } 过早：应{ $expected }
ledger-publication-nothing = 要公布的内容尚不存在
ledger-publication-digest = 所公布内容的摘要应为 { $expected }，实为 { $found }
ledger-publication-place = 公布的地点应为 1 至 200 个字符的文字
ledger-visits-draw = 第 { $found } 次抽取没有生效，或尚未匹配检查人员
ledger-visits-cycle_over = 该次抽取的年度周期已经结束，不能再录入
ledger-visits-settled = 检查对象 { $found } 在该次抽取中已经检查、未能检查或替换
ledger-visits-too_many = 录入的检查多于该次抽取的检查任务
ledger-visits-by = 递补对象 { $found } 在该次抽取中已经出现过
ledger-visits-number = 检查任务数应为 { $expected }，实为 { $found }
ledger-amendment-cycle_over = 年度周期已经结束，不能更正
ledger-amendment-not_due = 检查对象 { $found } 没有待查的任务
ledger-visits-before_draw = 日期 { $found } 早于抽取：应{ $expected }
ledger-visits-recused_unit = 只有回避才须写明检查对象，且回避必须写明检查对象
ledger-visits-drop_out_entry = 第 { $found } 条不是该次抽取中尚未安排接替的缺岗
ledger-visits-move_settled = 检查对象 { $found } 在该次抽取中已经检查、未能检查或替换
ledger-visits-move_not_pending = 检查对象 { $found } 在该次抽取中没有待查
ledger-visits-first_move = 第一个接替应接替不能到岗的 { $found }
ledger-visits-returns = 不能到岗的 { $found } 不得作为接替人员
ledger-void-reason = 作废理由 { $found } 不成立：须是台账显示的情形，且该次尝试尚未作废
ledger-amendment-entry = 第 { $found } 条不是以前录入的检查结果、未能检查或其他检查
ledger-amendment-about = 更正须针对同一检查对象和同一次抽取，实为 { $found }
ledger-amendment-approval = 更正后的条目仍须按原条目的要求批准，批准人 { $found } 不符合
ledger-cycle-event = 该条目与年度周期不符：{ $found }
ledger-cycle-opening = 期初的年度周期不得已有抽取：{ $found }
ledger-cycle-draw = 抽取文件的编号应为 { $expected }，实为 { $found }
ledger-disclosure-open_line = 该次抽取尚未公开，写明待查对象或人员的条目须封存录入
ledger-disclosure-closed_line = 封闭条目须属于延期公开、尚未公开且未作废的抽取：{ $found }
ledger-disclosure-closed_content = 封闭条目的内容须是某次抽取的检查事项
expected-not_before = 不早于 { $at }
expected-not_before_draw = 不早于 { $day } 的抽取
expected-day_after = 不晚于 { $day } 的次日
expected-above = 多于 { $before }
expected-level = 至少 { $level }
expected-between = 不早于 { $before } 且早于 { $last }
expected-before_next = 早于 { $closes }，即下一随机源揭晓之时：此后录入者可以选择结果，该随机源视为中断
found-too_early_for = { $at }，对第 { $number } 条而言过早
found-not_settled = 第 { $draw } 次抽取（第 { $attempt } 次尝试）未办结
found-not_computed = 第 { $draw } 次抽取尚未计算
found-not_assigned = 第 { $draw } 次抽取尚未匹配检查人员
found-visits_to_come = 第 { $draw } 次抽取尚有 { $visits } 次待查
found-draw = 第 { $draw } 次抽取（第 { $attempt } 次尝试）
found-entry = 第 { $register } 条
found-open_line = 未封存的条目
found-of_draw = 第 { $draw } 次抽取
found-begun_cycle = 已至第 { $last } 次抽取，尚有 { $open } 次未结
ledger-amendment-looks_back = 第 { $found } 条涉及以前的条目：须读入全部台账才能录入
kept-other_line = 所存的台账状态停在第 { $line } 行，与台账不符
kept-looks_back = 第 { $line } 条涉及以前的条目：须由全部各行重新推算
kept-unreadable = 所存的台账状态无法读取：{ $error }
calendar-offset = 不是与协调世界时的时差：应写作 +08:00，范围为 -12:00 至 +14:00
calendar-local = 既不是本机关时间（2026-03-04 11:00），也不是协调世界时（2026-03-04T03:00:00Z）

study-shares = 各轮份额为 { $shares }：应大于 0，且合计为 1
study-begins = 本周期已用份额 { $spent }，而各轮份额 { $shares } 没有一轮在此结束
study-plan = 第 { $cycle } 个周期第 { $round } 轮：{ $error }

## 待办事项
office-next-beacon = 录入随机源 { $source } 公布的数值
office-next-close = 年度计划的抽取和检查均已完成：结束本年度周期
office-next-closed = { $unit } 在名录库中已注销或停业
office-next-draw = 随机数已齐：抽取
office-next-leave = 检查 { $unit } 的 { $person } 正在请假
office-next-left = 检查 { $unit } 的 { $person } 已不在名录库中，或执法证已失效
office-next-moved = { $unit } 已不在名录库中
office-next-new_year = 本年度各周期均已结束：开始下一年度
office-next-notice = 填写公告的发布机关和受理异议的科室
office-next-officers = 执法检查人员名录库为空：请导入
office-next-past = 本次抽取的首个随机数已经揭晓：导出抽取方案，改定日期和随机源后再审批
office-next-plan = 核对下一次抽取（office check、office plan）并审批，名录库以 { $as_of } 为准
office-next-policy = 下一次抽取须另行编制抽取方案
office-next-publish = 公布上次公布以来录入的内容
office-next-publish_record = 公布抽取记录
office-next-publish_seal = 在首个随机数揭晓之前公布封存文件
office-next-recused = { $person } 现须回避 { $unit }
office-next-result = 尚有 { $pending } 家次检查须于 { $until } 前完成并录入结果；录入表：office export form
office-next-reveal = 检查完成后公开保密随机数，最迟 { $day }
office-next-seal = 封存本次抽取
office-next-units = 检查对象名录库为空：请导入
office-next-void = 随机源未按时公布，且无备用来源：宣布本次抽取作废
office-next-void_share = 有参与方未公开其保密随机数：宣布本次抽取作废
office-next-witness = 请 { $quorum } 个见证人对含本次封存的台账签名，随后执行 office witness --note 文件
office-next-from = { $words }；可办理时间：{ $from }
office-next-is_void = { $words }（已作废，仍须计算并公布）
office-next-no_day = 未定期限
office-next-not_yet = 目前没有到期的待办事项
office-next-nothing = 没有待办事项
office-next-overdue = { $by }（已逾期）
office-status-closed = { $draw }.{ $attempt } 未公开，期限 { $until }（封闭条目 { $lines }，待检查 { $pending }）；检查完成后、最迟于该日公开：office reveal
office-status-draws = 抽取 { $drawn }  待检查 { $open }  逾期录入 { $late }
office-status-entries = 台账条目 { $size }  { $head }
office-status-over = 本台账年度已结束
office-status-ready = { $draw }.{ $attempt } 未公开，期限 { $until }（封闭条目 { $lines }，待检查 { $pending }）；检查已全部完成：office reveal
office-status-registers = 检查对象 { $units }  执法人员 { $officers }  专家 { $experts }  回避 { $recusals }
office-days-word = “{ $word }”不是日期（YYYY-MM-DD），也不是起止日期（YYYY-MM-DD..YYYY-MM-DD）

## 启用与新年度
office-moved-day = 任务 { $task } 第 { $batch } 批：有日期超出日历范围
office-moved-source = 任务 { $task } 第 { $batch } 批：随机源 { $id } 指定了轮次、期号或份额，新年度的无从推定
office-start-authority = --authority { $authority }：{ $error }
office-start-days = 本程序未附 { $year } 年的放假安排（已附：{ $known }）：请按通知填写 --holidays { $year }-01-01..{ $year }-01-03,… --make-up { $year }-… --notice '通知标题和日期'
office-start-days_there = { $files } 已存在，按其现有内容采用，不再使用 --holidays、--make-up、--notice：请直接修改文件中的工作日历，或另选 --folder
office-start-division = --division { $text }：{ $error }
office-start-template = --template { $word }：可选 { $known }
office-start-there = { $folder } 中已有 { $there }；未作任何写入，请另选 --folder
office-start-unclosed = 下列周期尚未结束，新年度须接续其结果；请先执行：{ $commands }。--draft 只写出新年度的规则，不作登记

## 数据库核验包
kit-mass = 本次抽取的累计量为 { $bits } 位整数，{ $dialect } 只能容纳 { $holds } 位：请改用其他引擎
kit-sample = 抽取记录中抽取结果有 { $sample } 层，分层表有 { $table } 层：请先核验
kit-says-allocation = 依种子和分层表计算每层抽取家数（规范第 5 节）。
kit-says-audit = 没有结果行：抽中对象和候补与抽取记录一致。否则每行指出一处不符：
kit-says-audit_counts = picks、reserves：该层所列家数与应有家数不同；cutoff：入选线不是最后一个抽中对象的签号；
kit-says-audit_shown = twice：同一对象列出两次；order：未按签号排列；not_shown：签号在所列最后一个之前而未列出；not_drawn：该层没有具有此签号的检查对象。
kit-says-audit_units = units：units 表中该层的家数与分层表不同；cell：某检查对象所填的层不存在；
kit-says-cells = 抽取记录的分层表。cutoff 为入选线，即最后一个抽中对象的签号；reach 为所示最后一个对象的签号。
kit-says-compare = 没有结果行：抽取记录与此处所抽一致。not_shown：此处抽中而记录未列；not_drawn：记录所列而此处未抽中。
kit-says-draw = 抽取记录 { $digest } 的抽取，供 { $dialect } 使用。
kit-says-drawn = 各层签号最小的检查对象（规范第 6.2 节）：先抽中对象，后候补。
kit-says-empty = 按文件名顺序，在没有同名表的数据库或模式中运行。
kit-says-function = 该引擎没有 { $function } 函数：请先注册，输入为文本，输出为 64 位小写十六进制数。
kit-says-not_checked = 此处不核验：封存、公开随机数和种子；测算，即各检查对象归入哪一层；检查人员。这些由 verify 核验。
kit-says-reached = 各层签号不大于所列最后一个签号的检查对象：只扫描一遍，不排序。
kit-says-shown = 抽取记录所示：抽中对象（reserve 为 0）和候补（为 1），place 为其在层内的次序。
kit-says-tickets = 每个检查对象的签号（规范第 6.1 节）。本文件独立重抽一次，4-audit.sql 不依赖它。
kit-says-units = 由您填入：可被抽取的每个检查对象的层号、标识和抽签代号，用本软件从您自己的名录生成（units.csv）。被核验方提供的表不能证明任何事情：编造的表可以与任何抽取记录相符。
kit-suite = { $dialect } 没有 { $suite } 函数：请改用带 pgcrypto 的 postgresql，或自行注册函数的 sqlite
office-kit-dialect = 请用 --dialect 指明数据库引擎：{ $names }
office-kit-not_checked = SQL 不核验：封存、公开随机数、测算（检查对象归入哪一层）、检查组；这些由 office verify 核验
office-kit-registers = { $folder } 中的名录得出的分层表与抽取记录不同；何处不同，见 office verify
office-kit-run = 先运行 1-setup.sql，填入 units 表，再依次运行其余文件：抽中对象和候补与抽取记录一致时，4-audit.sql 的最后一条查询没有结果行
office-kit-units = 检查对象表由核验方自行生成：用 --registers 指明自己的文件夹，内有 frame.json、roster.json 和 cycle.json

## 分片抽查（名录库分片读取）
part-rules = 共 { $rules_count } 处不符合规则：{ $rules_lines }
part-blocks = 有 { $found } 个摘要，按这些行应为 { $wanted } 个
part-ends = 首末两个标识与升序排列的 { $size } 行不符
part-none = 计数为零
part-order = 未按升序排列
part-sum = 合计 { $found } 户，其他各项合计为 { $wanted } 户
part-leaves = 不是按升序排列的 32 字节摘要
selected-other = 为 { $found }，应依据 { $wanted } 抽取
selected-blocks = 有 { $found } 个摘要，与这些行数不符
selected-place = { $place } 不在 { $first } 至 { $end }（不含）之间
selected-cell = 不是该检查对象可能所在的单元
