### What is said of a plan, of an explanation and of a receipt.

## Why an institution has its probability
explain-not_drawn = not drawn: { $code }
explain-not_drawn_by = not drawn: { $code } ({ $basis })
explain-certain = certain: { $code } ({ $basis })
explain-base = base { $value } for risk { $risk }, credit { $credit }
explain-rated = { $fired } ({ $basis })
explain-signal = + { $add } for { $count } × { $signal } ({ $basis })
explain-round = this round has { $share } of the year; expected so far { $exposure }, drawn { $credited }: { $probability }
explain-round_begins = this round has { $share } of the year; expected so far { $exposure }, drawn { $credited }, begins with slack { $slack }: { $probability }
explain-round_phase = this round has { $share } of the year; expected so far { $exposure }, drawn { $credited }, phase { $phase }, slack { $slack }: { $probability }
explain-control = control share { $share } of what is left: { $probability }
explain-at_most = { $node } may reach at most { $limit } of { $active }{ $rules_count ->
        [0] {""}
       *[other] {" "}({ $rules })
    }: lowered
explain-at_least = { $node } must reach { $quota } of { $active }{ $rules_count ->
        [0] {""}
       *[other] {" "}({ $rules })
    }: raised
explain-bounds = from { $from } to { $to }
explain-share = { $number } × { $size } / { $of }
fired-kept = rule { $code }: nothing to move
fired-moved = rule { $code }: { $from } → { $to }
fired-kept_for = rule { $code } for { $because }: nothing to move
fired-moved_for = rule { $code } for { $because }: { $from } → { $to }
fired-has = { $n } × { $signal }
fired-only = only { $n } × { $signal }
fired-and = { $first }, { $then }

## What a plan can be warned of
stratum-all = all
stratum-path = { $path }
capacity-enough = { $department } at { $node }: { $most } places at most, { $available } can be filled
capacity-certain = certain units
capacity-floors = the floors
capacity-expected = frequencies and floors
capacity-largest = the largest draw
capacity-short = { $department } at { $node }: { $what } cannot be staffed: certain units need { $certain } places, floors { $floor }, expected visits { $expected }, the largest draw { $most }; { $available } can be filled, { $short } short; it would fit { $fits }
capacity-visits = with { $visits } visits
capacity-cap = with { $visits } visits, with team.cap { $cap }
capacity-officers = with { $visits } visits, with { $officers } more officers
capacity-cap_officers = with { $visits } visits, with team.cap { $cap }, with { $officers } more officers
idle-rule = { $place }: { $because }
idle-not_on_frame = { $unit } is not on the frame
idle-decided = applies to no unit that an earlier rule does not decide
idle-no_signal = no unit has { $least } × { $signal }
idle-no_unit = no active unit is of these values
stray-recusal = recusal of { $inspector } from { $unit }, which is not on the frame
stray-standing = standing of { $unit } in the cycle, which is not on the frame
stray-last_team = { $inspector } of the last team of { $unit }, who is not on the roster
understaffed-department = { $unit }: { $officers } of { $needed } { $department } may go there as { $post }
understaffed-experts = { $unit }: { $officers } of { $needed } experts may go there as { $post }
foresight-draw = { $units } units, { $certain_by_rule } certain by rule, { $certain_by_schedule } by schedule or floor, { $safe } at zero, { $exempt } exempt; { $expected } visits expected, { $control } of them control; an outsider's guess { $guess }

## What a receipt shows
report-item = {"  "}{ $words }
report-established = established:
report-not_established = not established:
report-receipt_holds = nothing contradicts the receipt
report-receipt_refuted = REFUTED
established-seal = this receipt belongs to the published seal
established-row = the row, exactly as printed here, stood on the frame when it was sealed, with this pseudonym
established-policy = the rules shown are the sealed ones
established-timing = by its own dates, the seal is older than every source of chance
established-table = the cell table shown is the sealed one
established-seed = the seed follows from the seal and the published values, and leaves nothing to choose
established-cell = the row belongs to the strata of its cell
established-ticket = the ticket follows from the seed and the sealed pseudonym alone
established-count = the number of picks of the cell follows from the table and the seed
established-fate = picked or not is what ticket and cutoff say
established-listed = the cutoff is the published one, and the published lists say the same of this unit
established-record = the record agrees with itself, with the published seal and the published values
open-ticket = that no smaller ticket of the cell was passed over, and that the probability of the cell is right: the record and the auditor's files show it
open-levels = that the levels in the row are right, and whether the institution was inspected before in this cycle
open-frame = that no institution stands on the frame twice, or is missing
open-seal = that the seal was published before the values were known, and that it is the only one: the ledger and its witnesses show it

## Why an officer may not be sent
bar-certificate = certificate
bar-absence = absence
bar-qualification = qualification
bar-enterprise = enterprise
bar-jurisdiction = jurisdiction
bar-recusal = recusal
bar-grid = grid
bar-rotation = rotation

## A team in a report
found-team_day = { $day }
found-team_post = { $department }/{ $post } { $officers } + { $vacancies } vacant
found-team_experts = experts/{ $post } { $experts } + { $vacancies } vacant
found-team_lead = lead { $lead }

## The protocol's own reasons why a unit is not drawn
outside-closed = closed
outside-suspended = suspended
outside-licence_expired = licence_expired
outside-out_of_scope = out_of_scope
