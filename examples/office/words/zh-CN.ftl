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
id-division_shape = 不是六位行政区划代码
id-unknown_province = 以 { $found } 开头，GB/T 2260 中没有这一省级代码
id-division_gap = 写明了县级而没有地级
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
document-twice = { $value } 重复
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
team-officers = { $officers } 不在 2 至 20 之间：依法须有两名以上执法人员
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
seal-secret_missing = 抽取方案规定延后公开：须有保密随机数
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
note-checkpoint = 不是台账校验点：应有三行，依次为来源、行数、根
note-rule-name = 名称中没有空格和“+”
note-rule-newline = 每行以换行结束
note-rule-lines = 各行不为空，且没有控制字符
note-rule-blank = 正文之后有一空行
note-rule-signatures = 最多 16 个签名
note-rule-signature = 签名行依次为破折号、名称和 base64
witness-origin = 该校验点属于 { $found }，此前签名的属于 { $signed }
witness-size = 该校验点有 { $found } 行，此前签名的有 { $signed } 行：台账只增不减
witness-second = 所给证明不能说明台账以此前签名的 { $signed } 行开头
ledger-refused = 第 { $number } 条不符合规则 { $rule }：{ $what }应为 { $expected }，实为 { $found }

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
ledger-content = 第 { $number } 条：不是该封存条目的内容
pack-slack_items = 为空：不适用于任何任务

## 办公程序：表格
office-place-row = 工作表“{ $sheet }”第 { $row } 行
office-place-cell = 工作表“{ $sheet }”单元格 { $cells }（{ $headings }）
office-place-line = 第 { $row } 行
office-place-column = 第 { $row } 行 { $letters } 列“{ $headings }”
office-table-cell = { $at }：“{ $value }”{ $rule }
office-table-field = { $at }，{ $column }“{ $value }”{ $rule }
office-table-more = “{ $column }”另有 { $count } 处同类问题（第 { $first } 行至第 { $last } 行之间）；逐条列出请加 --all
office-table-left_off = 另有 { $number } 处未列出：请先更正以上各处，再重新导入
office-table-refused = 共 { $total } 处问题，未导入任何内容

## 办公程序：用法
office-usage-unknown_argument = 没有 { $argument } 这个选项；各选项见 office --help
office-usage-unknown_command = 没有 { $command } 这个命令；各命令见 office --help
office-usage-missing = 缺少 { $argument }
office-usage-conflict = { $argument } 不能与 { $other } 同时使用
office-usage-no_value = { $argument } 须写明取值；可用：{ $known }
office-usage-value = { $argument } 不能为“{ $value }”；可用：{ $known }
office-usage-value_of_form = { $argument } 不能为“{ $value }”：{ $why }
office-usage-no_command = 请写明命令；各命令见 office --help
office-usage-other = 命令行有误；用法见 office --help

## 核验报告
report-pass = 通过    { $check }
report-fail = 不通过  { $check }：{ $what }应为 { $expected }，实为 { $found }
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
check-statements = 空缺和人员不足的说明
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
check-fate = 抽中、备选与签号相符
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
check-checkpoint = 校验点：台账未被重写
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
check-reserves = 按备选次序替换
check-reassignments = 重新匹配接替人员
check-people = 检查人数与人员
check-files = 公示的文件与台账摘要一致
check-contents = 封存条目的内容

## 结论
verdict-confirmed = 核验通过
verdict-self-consistent = 内部一致，未全部核对
verdict-refuted = 核验不通过

## 办公程序：未执行的原因
office-draw-no_visits = 第 { $draw } 次抽取尚未抽取或已作废：没有检查任务
office-draw-not_sealed = 第 { $draw } 次抽取尚未封存
office-draw-attempt_not_sealed = 第 { $draw } 次抽取（第 { $attempt } 次尝试）尚未封存
office-verify-no_ledger = { $folder }：其中及下一级文件夹中都没有 ledger.jsonl
office-task-only = --task { $task }：本机关只抽取 { $scope }
office-task-which = 请用 --task 写明任务：{ $tasks }
office-plain = { $words }

## 固定用语
phrase-a_checkpoint_that_the_checker_kept = 核验人自己保存的台账校验点
phrase-a_checkpoint_signed_under_a_key_that_the_checker_brought = 以核验人自备公钥验证的签名校验点
phrase-beacon_values_from_elsewhere_or_signed_by_their_networks = 另行取得的随机数，或带有其网络签名的随机数
phrase-no_checkpoint_that_the_checker_kept_and_none_signed_under_a_key_that_he_brought = 没有核验人自己保存的台账校验点，也没有以其自备公钥验证的签名校验点
phrase-the_checkpoints_from_elsewhere_end_before_the_last_seal_draw_or_void = 另行取得的校验点早于最后一次封存、抽取或作废
phrase-no_checkpoint_signed_by_a_quorum_under_brought_keys_reaches_the_last_seal_draw_or_void = 没有由法定数量见证人签名并覆盖最后一次封存、抽取或作废的校验点
phrase-the_ledger_asks_for_witnesses_and_their_signatures_were_not_checked = 台账要求见证人签名，而签名未经核对
phrase-a_value_of_a_draw_was_neither_obtained_elsewhere_nor_signed_by_its_network = 有的抽取的随机数既未另行取得，也没有其网络的签名
phrase-the_cycle_of_the_year_was_not_made_again_from_all_drawn_documents = 年度周期未能由全部抽取文件重新推算
phrase-a_public_draw_has_no_record_that_was_replayed = 有已公开的抽取没有经复算的抽取记录
phrase-a_file_that_an_entry_says_was_published_was_not_given = 没有给出台账所载已公示的文件
phrase-the_content_of_a_closed_line_of_a_draw_that_is_disclosed_or_due_was_not_given = 没有给出已公开或到期应公开的抽取的封存条目内容
phrase-seals_published_after_their_first_source = 在首个随机源揭晓之后才公布的封存
phrase-seals_that_no_entry_says_were_published = 台账未载明已经公布的封存
phrase-draws_outside_the_register_of_the_year = 年度备案之外的抽取
phrase-registers_of_a_year_s_draws = 年度抽取备案
phrase-rounds_of_drand_called_silent = 被宣布中断的 drand 轮次
phrase-further_attempts = 再次抽取
phrase-voids_before_the_first_value_was_known = 首个随机数揭晓前的作废
phrase-voids_after_the_first_value_was_known = 首个随机数揭晓后的作废
phrase-silent_sources = 未按时公布的随机源
phrase-missing_shares = 缺少的份额
phrase-replaced_institutions = 替换的检查对象
phrase-visits_not_made = 未能检查
phrase-replaced_officers = 替换的检查人员
phrase-officers_who_dropped_out = 不能到岗的检查人员
phrase-officers_who_dropped_out_twice_or_as_substitutes = 两次不能到岗，或作为替补而不能到岗的检查人员
phrase-teams_that_do_not_go_to_the_first_reserves = 未由第一顺位替补接替的检查组
phrase-visits_by_others_than_the_drawn_team = 由抽取的检查组以外的人员进行的检查
phrase-inspections_outside_draws = 随机抽查之外的检查
phrase-inspections_outside_draws_that_move_exclusions_and_rotation = 影响免查和轮换的随机抽查之外的检查
phrase-cycles_closed = 年度周期结束
phrase-amendments = 更正
phrase-entries_taken_back = 撤回的条目
phrase-clocks_corrected = 时钟更正
phrase-policies_adopted_despite_findings_of_the_check = 核对发现问题而仍予批准的抽取方案
phrase-visits_by_people_whom_a_register_barred = 由名录限制的人员进行的检查
phrase-late_entries = 逾期录入
phrase-visits_on_another_day_than_the_lot_gave = 未在抽定日期进行的检查
phrase-visits_before_the_draw_or_outside_its_window = 在抽取之前或检查期间之外进行的检查
phrase-a_value_was_neither_given_from_elsewhere_nor_signed_by_its_network = 有随机数既未另行取得，也没有其网络的签名
phrase-it_takes_the_files_of_frame_roster_and_cycle = 须有名录库、人员名录和年度台账的审计文件
phrase-no_change_of_a_team_whose_record_was_given_with_the_auditor_s_files = 没有附审计文件的抽取记录中的检查组变更
phrase-no_checkpoint_was_given = 没有给出校验点
phrase-no_content_of_a_closed_line_was_given = 没有给出封存条目的内容
phrase-no_cycle_file_was_given_or_of_a_draw_before_which_the_cycle_is_not_known = 没有给出年度台账文件，或该次抽取之前的年度周期不明
phrase-no_dossier_was_given = 没有给出信用档案
phrase-no_drawn_document_is_known = 没有已知的抽取文件
phrase-no_file_was_given_that_an_entry_says_was_published = 没有给出台账所载已公示的文件
phrase-no_frame_was_given = 没有给出名录库
phrase-no_key_of_a_witness_was_brought_those_that_only_the_ledger_names_are_its_author_s = 没有自备见证人公钥；只由台账写明的公钥可能出自台账作者
phrase-no_pack_or_no_programme_was_given = 没有给出规则包或年度计划
phrase-no_pack_was_given = 没有给出规则包
phrase-no_pack_no_dossier_or_no_frame_was_given = 没有给出规则包、信用档案或名录库
phrase-no_programme_was_given = 没有给出年度计划
phrase-no_record_of_a_draw_of_a_registered_batch_was_given = 没有给出已备案批次的抽取记录
phrase-no_record_of_a_draw_that_stands_was_given = 没有给出有效抽取的记录
phrase-no_record_was_given_with_the_auditor_s_files_that_it_takes = 没有给出附有所需审计文件的抽取记录
phrase-no_record_was_given = 没有给出抽取记录
phrase-no_record_seal_or_values_of_a_draw_were_given = 没有给出抽取的记录、封存文件或随机数
phrase-no_replacement_whose_record_shows_enough_reserves = 没有备选名单足够的替换
phrase-no_value_carries_one = 没有带签名的随机数
phrase-no_visit_of_a_draw_whose_record_was_given = 没有附抽取记录的检查
phrase-the_cell_table_was_not_given = 没有给出分层表
phrase-the_cycle_file_was_not_given = 没有给出年度台账文件
phrase-the_cycle_of_the_earlier_ledger_is_not_known_from_its_documents = 由上一年台账的文件无法得知其年度周期
phrase-the_document_of_a_draw_is_not_known = 有抽取的文件不明
phrase-the_first_line_names_no_earlier_ledger = 首条没有写明上一年台账
phrase-the_frame_file_was_not_given = 没有给出名录库文件
phrase-the_ledger_asks_for_no_witnesses = 台账没有要求见证人签名
phrase-the_opening_cycle_is_not_known = 期初的年度周期不明
phrase-the_plan_could_not_be_derived = 无法推算抽取计划
phrase-the_policy_has_no_days_or_county_is_no_stratum = 方案未抽定日期，或不按区县分层
phrase-the_policy_has_no_rule_table = 方案没有评级规则
phrase-the_policy_names_no_dossier = 方案没有写明信用档案
phrase-the_policy_names_no_origin = 方案没有写明来源
phrase-the_policy_was_not_given = 没有给出抽取方案
phrase-the_published_beacon_values_were_not_given = 没有给出公布的随机数
phrase-the_published_seal_was_not_given = 没有给出公布的封存文件
phrase-the_record_is_not_sound = 抽取记录本身不成立
phrase-the_record_was_not_given = 没有给出抽取记录
phrase-the_roster_file_was_not_given = 没有给出人员名录文件
phrase-the_rows_were_counted_under_another_policy = 各行按另一抽取方案统计
phrase-the_sample_of_the_record_was_not_given = 没有给出抽中名单
phrase-the_secret_was_not_given = 没有给出保密随机数
phrase-there_is_no_outcome_yet = 尚无抽取结果
phrase-this_build_does_not_check_signatures_of_drand = 本程序未编入 drand 签名的核对
phrase-this_build_does_not_check_signatures = 本程序未编入签名的核对
phrase-too_large_the_picks_have_more_pairs_of_a_post_and_a_candidate_than_may_be_sealed = 规模过大：岗位与候选人员的组合多于可封存的数量
