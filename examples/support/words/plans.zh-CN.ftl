### 抽取计划、入选概率说明和回执的用语。

## 某一检查对象入选概率的由来
explain-not_drawn = 不参加抽取：{ $code }
explain-not_drawn_by = 不参加抽取：{ $code }（{ $basis }）
explain-certain = 必查：{ $code }（{ $basis }）
explain-base = 基数 { $value }：风险 { $risk }，信用 { $credit }
explain-rated = { $fired }（{ $basis }）
explain-signal = ＋{ $add }：{ $signal } × { $count }（{ $basis }）
explain-round = 本轮占全年 { $share }；此前应查 { $exposure } 次，已抽中 { $credited } 次：{ $probability }
explain-round_begins = 本轮占全年 { $share }；此前应查 { $exposure } 次，已抽中 { $credited } 次，自本轮起算，浮动幅度 { $slack }：{ $probability }
explain-round_phase = 本轮占全年 { $share }；此前应查 { $exposure } 次，已抽中 { $credited } 次，起始相位 { $phase }，浮动幅度 { $slack }：{ $probability }
explain-control = 其余部分按机动抽查比例 { $share }：{ $probability }
explain-at_most = { $node } 在册 { $active } 家，至多查到 { $limit } 家{ $rules_count ->
        [0] {""}
       *[other] （{ $rules }）
    }：下调
explain-at_least = { $node } 在册 { $active } 家，须查到 { $quota } 家{ $rules_count ->
        [0] {""}
       *[other] （{ $rules }）
    }：上调
explain-bounds = 由 { $from } 调整为 { $to }
explain-share = { $number } × { $size } / { $of }
fired-kept = 规则 { $code }：无须变动
fired-moved = 规则 { $code }：{ $from } → { $to }
fired-kept_for = 规则 { $code }（{ $because }）：无须变动
fired-moved_for = 规则 { $code }（{ $because }）：{ $from } → { $to }
fired-has = { $signal } × { $n }
fired-only = { $signal } 仅 { $n }
fired-and = { $first }，{ $then }

## 封存之前的提示
stratum-all = 合计
stratum-path = { $path }
capacity-enough = { $node }，{ $department }：至多需 { $most } 人次，可安排 { $available } 人次
capacity-certain = 必查对象
capacity-floors = 应查下限
capacity-expected = 频次和应查下限
capacity-largest = 最大抽取量
capacity-short = { $node }，{ $department }：{ $what }所需人员不足：必查对象需 { $certain } 人次，应查下限需 { $floor } 人次，预计检查需 { $expected } 人次，最大抽取量需 { $most } 人次；可安排 { $available } 人次，缺 { $short } 人次；{ $fits }
capacity-visits = 如检查不超过 { $visits } 家次，则可满足
capacity-cap = 如检查不超过 { $visits } 家次，或每人任务上限（team.cap）增至 { $cap }，则可满足
capacity-officers = 如检查不超过 { $visits } 家次，或增加 { $officers } 名检查人员，则可满足
capacity-cap_officers = 如检查不超过 { $visits } 家次，或每人任务上限（team.cap）增至 { $cap }，或增加 { $officers } 名检查人员，则可满足
idle-rule = { $place }：{ $because }
idle-not_on_frame = { $unit } 不在检查对象名录中
idle-decided = 不适用于任何对象，或所适用的对象已由前面的规则决定
idle-no_signal = 没有对象的 { $signal } 达到 { $least }
idle-no_unit = 没有正常状态的对象属于所列取值
stray-recusal = 回避 { $inspector } → { $unit }：检查对象名录中没有该对象，回避不起作用
stray-standing = 周期状态中的 { $unit }：检查对象名录中没有该对象
stray-last_team = { $unit } 上次检查组的 { $inspector }：检查人员名录中没有该人员
understaffed-department = { $unit }：{ $department } 的 { $post } 岗位需 { $needed } 人，可选派 { $officers } 人
understaffed-experts = { $unit }：专家的 { $post } 岗位需 { $needed } 人，可选派 { $officers } 人
foresight-draw = 可抽 { $units } 家，按规则必查 { $certain_by_rule } 家，按排期或下限必查 { $certain_by_schedule } 家，本轮不会被查 { $safe } 家，豁免 { $exempt } 家；预计检查 { $expected } 家次，其中机动抽查 { $control } 家次；外人猜中概率 { $guess }

## 回执所证明的内容
report-item = {"  "}{ $words }
report-established = 已经证明：
report-not_established = 未能证明：
report-receipt_holds = 未发现与回执不符之处
report-receipt_refuted = 核验不通过
established-seal = 本回执属于公布的封存文件
established-row = 封存时检查对象名录中确有此行，内容和抽签代号与此处所印完全一致
established-policy = 所示抽取方案即封存的抽取方案
established-timing = 按封存文件所载日期，封存早于全部随机源
established-table = 所示分层表即封存的分层表
established-seed = 随机种子由封存文件和公布的随机数得出，无可选择
established-cell = 此行属于其所在的层
established-ticket = 签号仅由随机种子和封存的抽签代号得出
established-count = 该层抽中家数由分层表和随机种子得出
established-fate = 是否抽中与签号、入选线相符
established-listed = 入选线即公布的入选线，公布的名单对该对象的记载相同
established-record = 抽取记录自身相符，并与公布的封存文件和随机数相符
open-ticket = 该层没有更小的签号被跳过，且该层入选概率正确：由抽取记录和审计文件证明
open-levels = 此行所载等级正确，以及该对象在本周期内是否已经检查
open-frame = 检查对象名录没有重复，也没有遗漏
open-seal = 封存文件在随机数揭晓之前公布，且只有一份：由台账及其见证人证明

## 不得选派的原因
bar-certificate = 执法证件不在有效期
bar-absence = 请假
bar-qualification = 资质不符
bar-enterprise = 不得实施涉企检查
bar-jurisdiction = 非本辖区
bar-recusal = 回避
bar-grid = 本网格人员回避
bar-rotation = 须轮换

## 核验报告中的检查组
found-team_day = { $day }
found-team_post = { $department } 的 { $post } 岗位 { $officers }，缺员 { $vacancies } 人
found-team_experts = 专家的 { $post } 岗位 { $experts }，缺员 { $vacancies } 人
found-team_lead = 组长 { $lead }

## 协议自身规定的不参加抽取的原因
outside-closed = 注销
outside-suspended = 停业
outside-licence_expired = 许可证过期
outside-out_of_scope = 不在抽查范围
