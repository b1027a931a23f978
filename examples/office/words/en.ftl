### English. The name of a message is its code with hyphens for dots: frame-duplicate is what the code
### frame.duplicate says. Of a list x, x_count is the number of its entries, x_lines has each on a line.

## Ids and codes
id-empty = is empty
id-too_long = has { $length } characters, at most 64 are allowed
id-alphabet = has '{ $found }' at place { $place }, which { $alphabet } does not contain
id-beginning = begins with '{ $found }'; a code begins with a letter or a digit
id-credit_check = has the check character { $found }, GB 32100 computes { $expected }
id-organisation_check = has { $found } in place 17, the organisation code inside computes { $expected } (GB 11714)
id-registration_check = has the check digit { $found }, GS 15-2006 computes { $expected }
id-no_unit_id = is no credit code (18 characters), no registration number (15 digits) and no local id (a hyphen inside, as in HOSP-0017)
id-division_shape = is not six digits
id-unknown_province = begins with { $found }, which is no province of GB/T 2260
id-division_gap = names a county without a city
digest = "{ $text }" is not 64 lower-case hexadecimal digits
decimal = "{ $text }" is no decimal text of 0 to 9000000 with at most nine digits after the point, such as "0.2"
words-all = { $words }
words-nearest = { $words } … ({ $count } in all)
left_off = { $number } more are not listed: correct these, and read it again

## Dates
calendar-date = is no date YYYY-MM-DD of the calendar
calendar-instant = is no instant YYYY-MM-DDTHH:MM:SSZ (UTC)
calendar-backwards = ends before it begins
working_days-basis = the calendar does not say which notice it comes from
working_days-order = { $list } do not ascend at { $day }
working_days-outside = { $day } is outside { $from } to { $to }
working_days-make_up = { $day } cannot make up for a holiday: it is no Saturday or Sunday, or a holiday itself

## Tables
table-text = is no text of 1 to 200 characters that are all seen
table-twice = is given twice in this row
table-row = row { $row }, { $field } "{ $value }" { $rule }
table-problems = { $total ->
        [one] 1 problem
       *[other] { $total } problems
    }, nothing was taken over{ $problems_lines }{ $more_lines }
frame-duplicate = stands in row { $first } already: one institution is one row
frame-several_licences = stands in row { $first } with another licence: list all licences of a subject in one row
frame-unknown_division = is not among the policy's frame.divisions
frame-unknown_code = is not among the policy's frame.{ $vocabulary }: { $known }
frame-unknown_status = is no state: active, suspended, closed
frame-not_listed = is { $state }: such units do not belong on the frame, unless the policy's frame.listed names that state
frame-later = is later than the frame's own date { $as_of }
frame-count = is no count of 0 to 999999999
frame-not_canonical = does not have the order and the values of a row of the frame
frame-level_by_rules = is stated, and the rules of the pack give the levels of every unit: leave the cell empty, or let the pack say that stated levels are where its rules begin (rating.start.stated)
frame-order = does not come after { $after }: streamed rows ascend by the bytes of their ids, each id once
frame-units_order = units do not ascend by id
roster-duplicate = stands in row { $first } already: one officer is one row
roster-unknown_department = is not among the policy's roster.departments: { $known }
roster-unknown_qualification = is not among the policy's roster.qualifications: { $known }
roster-certificate_expired = has run out by { $as_of }: uncertified staff may not be sent, unless the policy's roster.listed names `expired`
roster-no_division = names no division
roster-count = is no count of 0 to 999999
roster-load = is no count of 0 to 1000000
roster-unknown_role = is no role: expert, third_party, grid, uncertified
roster-officer = stands among the officers: experts are never officers
roster-not_canonical = does not have the order of a row of the roster
roster-unknown_inspector = is no officer of the roster
roster-unknown_ground = is no ground: statutory, requested, decided
roster-duplicate_recusal = stands in row { $first } already with the same unit
roster-rows_order = inspectors, experts or recusals do not ascend
roster-numbers = the cap of { $id } is above { $most }, or the load above { $load }

## The form of documents
form-at = { $what } at line { $line } column { $column }
form-missing_field = missing field `{ $field }`
form-duplicate_field = duplicate field `{ $field }`
form-twice = field `{ $key }` given twice
form-unknown_field = unknown field `{ $field }`, known here: { $known }
form-unknown_word = unknown word `{ $found }`, known here: { $known }
form-wrong_type = invalid type: { $found }, expected { $expected }
form-wrong_value = invalid value: { $found }, expected { $expected }
form-trailing = something stands behind the end of the document
form-cut = the document ends too early
form-syntax = is no JSON here: { $text }
form-value = { $text }
form-empty = is empty, and not JSON
form-mark = begins with a byte order mark, which a published document has not
form-no_json = is no JSON document, which begins with {"{"} or [: it begins with "{ $line }"
form-null = { $place } is null: leave the field out
form-utf8 = is no text in UTF-8
form-document = this is a { $found }, a { $wanted } was expected
json-unsupported = canonical JSON has no { $what }
json-integer_range = { $value } is beyond 2^53 - 1 and would not survive every JSON reader
json-not_canonical = the bytes are not canonical JSON: they differ from the canonical form at byte { $at }

## Policies, packs and programmes alike
document-rule = { $place }: { $rule }
document-range = { $value } is not { $least } to { $most }
document-at_most = { $value } is above { $most }
document-too_long = has { $length } entries, at most { $most } are allowed
document-empty = is empty
document-repeats = has { $value } twice
document-twice = holds { $value } twice
document-stands_twice = stands twice
document-unknown = { $code } is not among { $list }
document-kinds = names a kind twice, or one that there is not
document-basis = is empty or no text: every rule names where it comes from
document-share = { $share } is not above 0 and at most 1
document-above_one = is above 1
policy-rules = { $rules_count } broken rule(s):{ $rules_lines }
pack-rules = { $rules_count } problem(s):{ $rules_lines }
rule-count = asks for a count that is not 1 to { $most }
rule-raising = names { $signal }, which may lower: less of it must not lower
rule-reserved_reason = { $code } is a reason of the protocol's own
rule-exempts_every_unit = visits_at_least 0 would exempt every unit
rule-holds_for_every_unit = is 0: it would hold for every unit
ratio-bounds_nothing = bounds nothing: min, max, least and all_below are missing
ratio-crossed = { $min } is above max { $max }
ratio-total = has no meaning at the total
ratio-value = { $code } is not among the values of its level: it would bound no unit
frequency-entries = has { $count } entries for risk { $risk }, credit { $credit }, not 1
frequency-unknown_level = risk { $risk }, credit { $credit } is not of the frame's vocabulary
frequency-slack = is { $slack }: at most 5 visits
frequency-cycles = { $cycles } cycles of { $visits } visits make no whole visit: no unit would be sure of one
frequency-falls = falls from { $a } at { $low_risk }/{ $low_credit } to { $b } at { $high_risk }/{ $high_credit }

## Policies
policy-document = is no policy
policy-window = lies before as_of { $as_of }
policy-number_zero = is 0: nothing would be drawn
policy-frequency_missing = is missing, and the design draws by frequency
policy-guard_stratum = { $guard } is not among the strata
policy-ratio_stratum = { $level } is not among the strata
policy-guards_empty = is empty, so the minimum would hold nowhere
policy-round = share { $share } and rest { $rest }: share ≤ rest ≤ 1 is needed
policy-share_zero = is 0, and { $rest } of the cycle is still to come
policy-surprise_whole = { $surprise } is not below 1
policy-surprise_design = is for draws by frequency: other draws keep every unit reachable
policy-batch_zero = is 0: batches are numbered from 1
policy-cap_of_key_item = caps the visits, and item { $code } is a key item: those have no upper limit
policy-limit_of_key_item = limits the draw, and item { $code } is a key item: those have no upper limit
policy-population_empty = names nothing: leave it out for the whole frame
policy-population_division = { $division } covers none of frame.divisions
policy-source_after_window = becomes known at { $at }, after window.from { $from }
team-limit_zero = is 0: no member of any group could go
team-rotation = is false, and a back-check is made by officers who were not there
team-days_order = do not ascend
team-day_outside = { $day } is outside the window { $from } to { $to }
team-officers = { $officers } is not 2 to 20: the law asks for at least two officers
team-places = have { $places } places at { $kind }, of { $officers } officers
team-bars_nobody = has no roles or no kinds: it would bar no person
team-member_post = member is the post of all who hold no other
team-lead_post = only the first department leads
team-lead_places = { $places } is not 1: one officer leads
team-needs = is not among roster.qualifications
team-kind_twice = names a kind twice
team-kinds = is empty, or names a kind that frame.kinds does not
team-qualification = { $kind }: { $qualification } is not of the vocabularies
team-cap_by_day = has no meaning without team.days: visits have no day
team-pin_post = { $post } is a post of no department
rating-unknown_level = names a level that there is not
rating-stated_signal = names { $signal }, by which only a register states a level
rating-lowering_order = does not ascend, or names more than 1000 signals
rating-stage_empty = has no rules
rating-list = { $does } does not belong into { $list }
rating-order = says any_order, and the order of { $mixed } matters
rating-too_many = has { $count } rules, at most 1000 are allowed
rating-effect_empty = { $does } names neither risk nor credit
rating-steps = moves by a number of steps that is not 1 to 64
rating-lowers_freely = { $does } lowers without a signal that may lower
rating-lowers_for = lowers for { $signal }, which `lowering` does not name
rating-lowers_below = lowers below a bound of { $signal }, which may lower itself
rating-raises_for = raises for { $signal }, which `lowering` names
rating-raises_below = raises below a bound of { $signal }: more of it would lower

## Sources
source-dice = with { $count } throws of { $sides } sides: 1 to 200 throws and 2 to 10 sides are possible
source-lottery = whose fields cannot be: each takes 1 to `of` numbers, and all together have less than 127 bits
source-chain = whose chain is unknown: { $chain }
source-genesis = whose genesis is { $first } and whose period is { $every } in its chain
source-round_beyond = whose round { $round } is not within the calendar
source-round_due = whose round { $round } is due at { $due }, and not at { $at }
source-shares = whose shares cannot be
beacon_plan-too_many = are { $count }, at most 16 are allowed
beacon_plan-lead = have a lead of { $lead } seconds, at most { $most } are allowed
beacon_plan-impossible = hold { $id }, { $why }
beacon_plan-name = name "{ $name }" in { $id }: witness, game, issue and party are 1 to 200 letters, digits and marks of Spec 1.10, without characters that are not seen
beacon_plan-chance_twice = count the chance of { $id } twice
beacon_plan-witness_twice = count the witness of { $id } twice: before one witness there is one throw
beacon_plan-bits = give { $bits } bits together, at least 128 are needed
beacon_plan-shares_twice = hold shares twice
beacon_plan-parties = hold { $id }, which takes 2 to 16 different parties
beacon_plan-after_shares = have less than 64 bits of sources after { $id }: the last party to reveal a share could choose
beacon_plan-fallback_of = have a fallback for { $of }, which is no source that can be silent
beacon_plan-fallback_twice = have more than one fallback for { $of }, or shares as one
beacon_plan-fallback_of_round = have a fallback for { $of }: a round of drand comes late, and never fails for good; whoever calls it silent would draw twice
beacon_plan-fallback_not_public = have { $id } as the fallback of { $of }: a public source is replaced by a public one only
beacon_plan-fallback_time = have a fallback for { $of } whose `after` is before the value of { $of }, or not before that of { $id }
beacon_plan-order = have { $id } at { $at }, when all public sources are known: whoever throws or enters it could choose; a public source of at least 64 bits comes last

## Packs
pack-field = is no field that is known here, or holds the default, which is left out
pack-document = is not "pack"
pack-year = { $year } is no year
pack-cite_missing = is missing: no rule without the document it comes from
pack-cite_document = { $document } is not among the documents
pack-cite_text = gives { $count } characters: 1 to 200 that are all seen are needed
pack-reading = has an empty reading
pack-days = { $days } days are not 1 to 36500
pack-stated_signal = { $code } tells a level that a register states: another code is needed
pack-document_texts = title, number and issued are texts of 1 to 200 characters
pack-nameless = { $code } has no name of 1 to 200 characters
pack-reserved_post = { $code } is a post of every team
pack-lowering_feature = names the feature { $feature }, which no dossier entry supports
pack-results = have none of kind { $kind }: nothing could be settled, or no miss be entered
band-level = is about one level: risk or credit
band-unknown_level = { $level } is no level
band-floor = allows { $max }, and the floor at every such level is { $minimum }
band-bounds_nothing = bounds nothing: name a bound, and leave out a share or visits without one
band-crossed = has a lower bound above its upper one
band-share = has a share above 1
band-entry = is broken by the { $visits } visits of { $risk }/{ $credit }: { $bound }
bound-at_least = at least { $least } visits
bound-below = below { $below } visits
bound-share_at_least = at least { $min } of them
bound-share_at_most = at most { $max } of them
bound-at_most_share = at most { $max } of its units
bound-below_visits = less than { $n } visits a year
bound-at_least_share = at least { $min } of its units
bound-at_least_visits = at least { $n } visits a year
ladder-lowering = is a signal that is earned: rating.lowering has to name it
ladder-steps = has fewer than two steps
ladder-passes = step { $step }: every step but the last has 1 to 1000 passes
ladder-fails_to = fails_to { $fails_to } is no step below the last: a failure has to cost something
result-count = raises a signal by a count that is not 1 to 999999999
result-reward = raises or opens { $signal }, which may lower: a finding would be a reward
result-praised = is a pass, and raises something
coverage-guards = is empty, or names a level twice
cap-zero = is 0: it would exempt every unit
exclusion-cap = is a cap: caps stand in caps
attendance-role_twice = names a role twice
item-lowering = asks for { $signal }, which may lower: the item would go with it
item-responsible = is the department { $department }'s, and the responsibility list makes { $listed } responsible
item-expert = asks for an expert, and attendance.experts is false
item-expert_barred = asks for an expert at enterprises only, and attendance bars every role there
responsibility-twice = gives { $department } two roles in { $item }

## Programmes
programme-pack = { $own } of { $own_year }, and the pack given is { $given } of { $year }
programme-no_tasks = there is none
programme-division_twice = names a division twice
programme-no_batch = task { $task } has no batch { $batch }
programme-policy = task { $task }, batch { $batch }: { $problems }
programme-pack_of_policy = the programme is for pack { $own } of { $year }, this is { $given } of { $given_year }
programme-task_twice = task { $task } stands twice
programme-scope = scope { $scope }: { $error }
programme-unknown_unit = unit { $unit } was drawn, and is not on the frame
task-references = { $rules }
task-no_items = has no items: without legal basis there is no inspection
task-unknown_signal = { $code } is no signal, ladder or feature of the pack
task-unknown_department = { $department } is no department of the pack
task-department_twice = { $department } takes part twice
task-item_twice = has item { $code } twice
task-unknown_item = { $code } is no item of the pack
order-shares = the shares of its batches sum to { $sum }, not to 1
order-shares_before = the shares before it are above 1
order-number = a number is drawn in one batch
order-batches = is not drawn after the one before
order-as_of = frame and roster are of { $as_of }, after the draw on { $drawn }
order-matched = matched on { $matched }, before the draw on { $drawn }
order-visits_after_draw = visits begin on { $from }, not after the draw on { $drawn }
order-visits_after_teams = visits begin on { $from }, before teams are matched
order-recusals = recusals until { $recusals }, before the teams are known
order-published = published on { $published }, before the last visit
order-year = drawn on { $drawn }, in another year
order-working_day = drawn on { $drawn }, which is no working day of the calendar
order-beacon = a value of its beacon becomes known after the draw on { $drawn }
finding-reference = { $place }: { $rule }
finding-item_uncovered = item { $item } is in no task: every item of the list is to be covered
finding-item_without_subjects = item { $item } applies to no unit in the tasks that have it ({ $tasks })
finding-item_by_chance = item { $item } may be left out by chance: { $expected } visits expected of { $tasks }, none of them sure
finding-item_department = task { $task } has item { $item } without { $department }, which is responsible for it
finding-mixed_classes = task { $task } has key items, so its general ones ({ $general }) have no upper limit there
finding-joint = { $have } joint draws in the year, at least { $least } are asked for ({ $basis })
finding-cap = cap { $cap }: { $units } subjects expect up to { $expected } visits of { $tasks }, at most { $visits } are allowed ({ $basis })
finding-without_floor = { $kinds } are in no task with a coverage floor ({ $basis })
finding-band = band { $band }: { $tasks } bring { $expected } to level { $level }, the band says { $bound } ({ $basis })
finding-deadline = task { $task }, batch { $batch }: { $deadline } on { $stated }, the last day is { $latest } ({ $basis })
finding-deadline_beyond = task { $task }, batch { $batch }: { $deadline } on { $stated }, and the calendar does not cover its deadline ({ $basis })
finding-order_of_task = task { $task }: { $rule }
finding-order = task { $task }, batch { $batch }: { $rule }
finding-empty_forms = task { $task }: none of its items applies to { $units } of its units ({ $first } is the first): its population is too wide
finding-overlap = task { $task }, batch { $batch }: its frame is of { $as_of }, and visits of the batch before go on until { $until }
finding-mergeable = tasks { $first } and { $second } are both about { $units } units from { $from } to { $to }: one joint task would visit them once
finding-batches = task { $task }: a unit is due { $visits } visits a year, and its batches can bring { $most }: more batches are needed
finding-attendance_of_none = item { $item } asks for an expert at { $kinds }, where no expert may go ({ $basis })
finding-attendance = item { $item } asks for an expert at { $kinds }, where only experts of the authority's own list may go ({ $basis })
finding-refused = task { $task }, batch { $batch }: { $because }
follow-answers = the form is not answered line by line: missing [{ $missing }], not on it [{ $unknown }], twice [{ $twice }]
follow-unknown_result = { $result } is no result of the pack
follow-kind = { $result } does not go with a visit that was { $visited ->
        [true] made
       *[false] not made
    }
follow-unknown_task = { $task } is no task of the programme
follow-nothing_to_check = nothing to check: none of the items of its tasks applies to the institution

## Cycles and dossiers
cycle-duplicate = unit { $unit } has two standings
cycle-team = the last team of unit { $unit } names an officer twice
cycle-phase = the phase of unit { $unit } has a slack above 5 or more than 10000000 visits
cycle-counts = unit { $unit }: drawn { $drawn } times, { $visits } visits, { $missed } missed, { $others } other inspections, { $credited } credited, window of { $cycles } cycles: visits and missed ones are at most the drawn ones, counts at most 1000000, windows 1 to 20
cycle-unsettled = unit { $unit } is to be visited { $pending } times, and the open draws do not say so
cycle-spent = { $spent } of the cycle is spent: that is above 1 or below what the open draws stand for
cycle-open = open draw { $draw }: { $rule }
cycle-open-number = its number is not after the draw before it, or above that of the last draw
cycle-open-settled = nothing is pending, and it is not the last draw
cycle-open-units = its units do not ascend
cycle-open-phase = the phase of a unit is none that a draw gives, or had one of the same slack
cycle-open-standing = it names a unit without a standing or begins one twice, or a window is not 1 to 20 cycles
cycle-open-pending = more visits are pending than its units have been drawn
cycle-open-order = draws do not ascend or are beyond 10^12
cycle-pending = draw { $draw } still has a visit to be made at unit { $unit }: enter what became of it in the ledger of that draw, then the cycle can open another
cycle-item = item { $code } was checked { $count } times: 1 to 1000000000000 are allowed
cycle-file = the file of a cycle has document, protocol and salt_key, and no salt
event-not_open = draw { $draw } is not open
event-not_next = draw { $draw } cannot follow draw { $last }
event-not_last = draw { $draw } cannot be voided: draw { $last } came after it
event-not_drawable = unit { $unit } could not be drawn in draw { $draw }
event-not_pending = unit { $unit } has no pending visit in draw { $draw }
event-pending_already = unit { $unit } is to be visited in draw { $draw } itself
event-overspent = { $spent } of the cycle is spent, draw { $draw } would spend another { $share }
event-list = { $list } is out of order, repeats an entry, or names what it cannot
event-phase = unit { $unit } cannot begin with this phase
event-too_many = unit { $unit } would have more expected visits or draws than a cycle can hold
event-unsettled = the cycle cannot close: { $units } units have visits that are not settled, { $unit } is the first
dossier-entry = entry { $number }: { $error }
entry-unknown_signal = { $signal } is no signal of the pack
entry-not_clearable = { $signal } cannot be cleared: the pack does not say that it is clearable
entry-unknown_result = { $result } is no result of the pack
entry-results = results are missing, or do not ascend
entry-count = { $count } is no count of 1 to 999999999
entry-source = source is no text of 1 to 200 characters that are all seen: every entry names where it comes from
entry-withdrawal = entry { $of } cannot be withdrawn: there is none, it is a withdrawal, or it is withdrawn already

## Plans and seals
plan-nothing_to_draw = nothing to draw: the frame has { $units } units and none of them may be drawn{ $reasons_count ->
        [0] {""}
       *[other] {" "}({ $reasons })
    }
plan-unknown_level = unit { $unit } has risk { $risk }, credit { $credit }, for which the policy has no frequency
plan-more_than_one_visit = unit { $unit } is due { $due } visits in this round: its frequency needs shares of at most { $share }, at least { $rounds } rounds a cycle
plan-not_rated = { $units } units do not have the levels that the rules give them; the first is { $first }: { $stated } stated, { $rated } by the rules
plan-more_than_there_is = { $asked } units are asked for, { $there_are } can be drawn
plan-fewer_than_certain = { $asked } units are asked for, and the rules of `certainties` alone make { $certain } certain
plan-bounds = floors or limits cannot be certain at { $count } nodes:{ $nodes_lines }
plan-exhausted = unit { $unit } has as many expected visits or draws as a cycle can hold: close the cycle first
plan-round = { $spent } of the cycle has been drawn and { $rest } is still to come by the policy's round: together they are not 1
plan-cost = { $visits } visits with up to { $pairs } pairs of a post and a candidate, of { $budget }
bounds-enough = design.number { $number } would do
bounds-floor = { $node }: { $quota } of { $active } active units must be reached, { $reached } have been, { $exempt } are exempt; this draw needs { $needed } more, { $sure } are sure{ $rules_count ->
        [0] {""}
       *[other] {" "}({ $rules })
    }{ $enough_count ->
        [0] {""}
       *[other] ; { $enough }
    }
bounds-contradictory = { $node }: { $quota } of { $active } active units must be reached and at most { $limit } may be, { $reached } have been{ $rules_count ->
        [0] {""}
       *[other] {" "}({ $rules })
    }{ $enough_count ->
        [0] {""}
       *[other] ; { $enough }
    }
bounds-limit = { $node }: at most { $limit } of { $active } active units may be reached, { $reached } have been, { $left } are left; certain units and floors inside need { $sure }{ $rules_count ->
        [0] {""}
       *[other] {" "}({ $rules })
    }{ $enough_count ->
        [0] {""}
       *[other] ; { $enough }
    }
cells-row = cell { $index } of the table is out of order, empty, or its path or size is none of its policy
seal-source_not_after_seal = the value of source { $id } becomes known at { $at }, which is not after the seal at { $sealed_at }
seal-lead_too_short = the seal at { $sealed_at } is not before { $by }, which is { $lead } seconds (the policy's lead) before the first source: seal earlier, or plan with later sources
seal-as_of_after_seal = as_of { $as_of } is after the seal at { $sealed_at }
seal-reveal_too_late = reveal_by { $reveal_by } is more than 731 days after the seal at { $sealed_at }
seal-secret_missing = the policy defers disclosure: a secret is needed
seal-secret_unexpected = the policy discloses at once: a secret would hide the seed
seal-numbers = sequence { $sequence } and attempt { $attempt } are numbers from 1
seal-other_salt_key = the rows were counted with another salt key: seal with the one that the census was given
seal-too_large = too large to be replayed: { $cost }. Set team.shortlist to the names that are drawn for each post, narrow team.jurisdiction, or draw in batches
seal-not_next = sequence { $sequence } does not follow draw { $last }, the last one of the cycle
reopen-other_salt_key = the { $document } has another salt key than the frame: something was changed after sealing
reopen-differs = the inputs give the seal { $found }, not the published { $published }: something was changed after sealing

## Values, people, ledgers
beacon-number = the plan has { $sources } sources, { $values } values were given
beacon-source = value { $place } is from { $found }, the plan names { $expected } there
beacon-form = "{ $found }" cannot be the value of { $expected }: { $rule }
beacon-every_share = every share: without one the attempt has failed
beacon-no_pulse = no pulse: only a round of drand has one
beacon-faces = { $count } faces from { $first } to { $last }, without spaces
beacon-numbers = { $shape }: ascending numbers of equal width joined by '.', fields joined by '+'
beacon-randomness = 64 lower-case hexadecimal digits, the randomness of the round
beacon-shares = { $count } shares that open their commitments, or '-', joined by '+'
beacon-pulse = a pulse of this chain: a signature, and the one before where rounds are chained
beacon-pulse_hash = SHA-256 of its pulse, { $hash }
replacement-visit = unit { $unit } has no visit in these teams, or is not on the frame of this plan
replacement-not_there = { $id } is not in the team of unit { $unit }
replacement-unknown = { $id } is not on the roster
replacement-unfit = { $id } is in the team of unit { $unit } already, or not on the roster
teams-order = visits do not ascend by unit
teams-day = the visit of { $unit } is on no day of the policy
ledger-line = line { $line }: { $error }
ledger-cut = the last line is cut: it does not end with a newline
note-form = no note: { $rule }
note-key = "{ $text }" is no key: <name>+<8 hexadecimal digits>+<base64 of the type and 32 bytes>
note-checkpoint = the text is no checkpoint: origin, size and root on three lines
note-rule-name = a name without spaces and '+'
note-rule-newline = lines end with a newline
note-rule-lines = lines are not empty and hold no control characters
note-rule-blank = an empty line stands after the text
note-rule-signatures = at most 16 signatures
note-rule-signature = a signature line is a dash, a name, and base64
witness-origin = the checkpoint is of { $found }, the one signed before of { $signed }
witness-size = the checkpoint has { $found } lines, { $signed } were signed before: a ledger only grows
witness-second = the proof does not show that the ledger begins with the { $signed } lines that were signed before
ledger-refused = entry { $number } breaks { $rule }: { $what }: expected { $expected }, found { $found }

## Fields
field-id = id
field-name = name
field-division = division
field-kind = kind
field-risk = risk
field-credit = credit
field-status = status
field-opened = opened
field-grid = grid
field-licences = licences
field-signals = signals
field-department = department
field-office = office
field-divisions = divisions
field-qualifications = qualifications
field-certified_from = certified_from
field-certified_until = certified_until
field-absences = absences
field-cap = cap
field-family = family
field-load = load
field-expert-id = expert.id
field-expert-name = expert.name
field-expert-organisation = expert.organisation
field-expert-divisions = expert.divisions
field-expert-qualifications = expert.qualifications
field-expert-engaged_from = expert.engaged_from
field-expert-engaged_until = expert.engaged_until
field-expert-absences = expert.absences
field-expert-cap = expert.cap
field-expert-family = expert.family
field-expert-load = expert.load
field-expert-role = expert.role
field-recusal-inspector = recusal.inspector
field-recusal-unit = recusal.unit
field-recusal-ground = recusal.ground
field-recusal-basis = recusal.basis

## Places of rules
place-rating_rule = rating rule
place-rating_stage = rating stage
place-band = band
place-ladder = ladder
place-result = result
place-cap = cap
place-certainty = certainty
place-exclusion = exclusion
place-item = item
place-task = task
place-others = others
place-numbers = (numbers)
place-signals_ladders_and_features = signals, ladders and features
place-caps_certainties_and_exclusions = caps, certainties and exclusions

## Ledgers
ledger-content = entry { $number }: not the content of its closed line
pack-slack_items = is empty: it would apply to no task

## The office: tables
office-place-row = sheet { $sheet }, row { $row }
office-place-cell = sheet { $sheet }, cell { $cells } ({ $headings })
office-place-line = line { $row }
office-place-column = line { $row }, column { $letters } { $headings }
office-table-cell = { $at } "{ $value }" { $rule }
office-table-field = { $at }, { $column } "{ $value }" { $rule }
office-table-more = { $column }: { $count } more of the same kind (rows { $first } to { $last }); --all lists every one
office-table-left_off = and { $number } more, which are not listed
office-table-refused = { $total ->
        [one] 1 problem
       *[other] { $total } problems
    }, nothing was taken over

## The office: usage
office-usage-unknown_argument = there is no option { $argument }; office --help lists them
office-usage-unknown_command = there is no command { $command }; office --help lists them
office-usage-missing = { $argument } is missing
office-usage-conflict = { $argument } cannot be used with { $other }
office-usage-no_value = { $argument } needs a value: { $known }
office-usage-value = { $argument } cannot be "{ $value }": { $known }
office-usage-value_of_form = { $argument } cannot be "{ $value }": { $why }
office-usage-no_command = a command is needed; office --help lists them
office-usage-other = the command line cannot be understood; see office --help

## Reports
report-pass = pass     { $check }
report-fail = FAIL     { $check }: { $what }: expected { $expected }, found { $found }
report-not_run = not run  { $check }: { $because }
report-silent_round = look at  draw { $draw }, attempt { $attempt }: { $id } was called silent: get round { $round } of the chain { $chain } from any relay of drand; if it is there, give it as a value from elsewhere, and the ledger is refuted unless its office enters it and publishes this draw
report-rests_on = rests on { $people }: draws { $draws }, which have no public source
report-no_public_source = rests on { $people }: the draw has no public source
report-list = look at  { $heading }: entries { $entries }
report-batch_left_out = look at  batch { $batch } of the register in entry { $entry } was not drawn
report-drop_out = look at  entry { $number }: the places of who dropped out were not given on
report-not_drawn = look at  draw { $draw }, attempt { $attempt } is sealed and not drawn
report-hidden = look at  draw { $draw }, attempt { $attempt } is not disclosed
report-secret_overdue = look at  draw { $draw }, attempt { $attempt }: the secret is overdue
report-closed_lines = look at  draw { $draw }, attempt { $attempt }: { $count } closed lines, until { $day }
report-closed_lines_due = look at  draw { $draw }, attempt { $attempt }: { $count } closed lines whose contents are not given, and should be
report-year = year     entry { $entry } registers { $count } draws with { $share } of the year
report-visits_unnamed = look at  draw { $draw }, attempt { $attempt }: { $number } visits to come; no record was given that names them
report-visits_overdue = look at  draw { $draw }, attempt { $attempt }: { $number } visits of which nothing was entered, due by { $until }: { $names }
report-visits_to_come = look at  draw { $draw }, attempt { $attempt }: { $number } visits to come, due by { $until }: { $names }
report-file_missing = look at  { $file } of draw { $draw }, attempt { $attempt } is not given; entry { $entry } published it
report-register_change = look at  { $change }
report-more_changes = look at  { $more } more changes of registers
report-actor = actor    { $actor }: { $entries } entries, { $seals } seals, { $draws } draws, { $voids_before } + { $voids_after } voids before and after the first value was known, { $replacements } + { $reassignments } replacements of institutions and officers, { $amendments } amendments, { $late } late
report-compared = compared { $basis }
report-missing = missing  { $gap }
report-ledger_verdict = { $protocol }: { $verdict }, { $passed } of { $checks } checks passed, { $folded } of { $all } entries follow
report-verdict = { $protocol }: { $verdict }, { $passed } of { $checks } checks passed
report-origin_verdict = origin: { $verdict }

## Checks
check-digest = digest
check-policy = policy
check-cells = cells
check-table = table
check-strata = strata
check-timing = timing
check-seal = seal
check-beacon_form = beacon_form
check-pulse = pulse
check-beacon = beacon
check-secret = secret
check-seed = seed
check-allocation = allocation
check-tickets = tickets
check-cutoffs = cutoffs
check-subsamples = subsamples
check-teams = teams
check-days = days
check-statements = statements
check-frame = frame
check-roster = roster
check-cycle = cycle
check-plan = plan
check-sample = sample
check-eligibility = eligibility
check-assignment = assignment
check-row = row
check-cell = cell
check-ticket = ticket
check-count = count
check-fate = fate
check-listed = listed
check-record = record
check-pack = pack
check-programme = programme
check-dossier = dossier
check-signals = signals
check-levels = levels
check-chain = chain
check-times = times
check-opening = opening
check-approval = approval
check-batch = batch
check-register = register
check-sequence = sequence
check-chance = chance
check-dating = dating
check-draw = draw
check-disclosure = disclosure
check-publication = publication
check-visits = visits
check-void = void
check-amendment = amendment
check-checkpoint = checkpoint
check-witnesses = witnesses
check-deadlines = deadlines
check-batches = batches
check-records = records
check-values = values
check-replay = replay
check-picks = picks
check-assignments = assignments
check-events = events
check-cycles = cycles
check-reserves = reserves
check-reassignments = reassignments
check-people = people
check-files = files
check-contents = contents

## Verdicts
verdict-confirmed = confirmed
verdict-self-consistent = self-consistent
verdict-refuted = refuted

## 办公程序：未执行的原因
office-draw-no_visits = draw { $draw } is not drawn, or void: it has no visits
office-draw-not_sealed = draw { $draw } is not sealed
office-draw-attempt_not_sealed = draw { $draw }.{ $attempt } is not sealed
office-verify-no_ledger = { $folder }: no ledger.jsonl in it, nor one folder below
office-task-only = --task { $task }: this office draws { $scope } only
office-task-which = --task is needed, one of { $tasks }
office-plain = { $words }

## Fixed phrases
phrase-a_checkpoint_that_the_checker_kept = a checkpoint that the checker kept
phrase-a_checkpoint_signed_under_a_key_that_the_checker_brought = a checkpoint signed under a key that the checker brought
phrase-beacon_values_from_elsewhere_or_signed_by_their_networks = beacon values from elsewhere, or signed by their networks
phrase-no_checkpoint_that_the_checker_kept_and_none_signed_under_a_key_that_he_brought = no checkpoint that the checker kept, and none signed under a key that he brought
phrase-the_checkpoints_from_elsewhere_end_before_the_last_seal_draw_or_void = the checkpoints from elsewhere end before the last seal, draw or void
phrase-no_checkpoint_signed_by_a_quorum_under_brought_keys_reaches_the_last_seal_draw_or_void = no checkpoint signed by a quorum under brought keys reaches the last seal, draw or void
phrase-the_ledger_asks_for_witnesses_and_their_signatures_were_not_checked = the ledger asks for witnesses, and their signatures were not checked
phrase-a_value_of_a_draw_was_neither_obtained_elsewhere_nor_signed_by_its_network = a value of a draw was neither obtained elsewhere nor signed by its network
phrase-the_cycle_of_the_year_was_not_made_again_from_all_drawn_documents = the cycle of the year was not made again from all drawn documents
phrase-a_public_draw_has_no_record_that_was_replayed = a public draw has no record that was replayed
phrase-a_file_that_an_entry_says_was_published_was_not_given = a file that an entry says was published was not given
phrase-the_content_of_a_closed_line_of_a_draw_that_is_disclosed_or_due_was_not_given = the content of a closed line of a draw that is disclosed or due was not given
phrase-seals_published_after_their_first_source = seals published after their first source
phrase-seals_that_no_entry_says_were_published = seals that no entry says were published
phrase-draws_outside_the_register_of_the_year = draws outside the register of the year
phrase-registers_of_a_year_s_draws = registers of a year's draws
phrase-rounds_of_drand_called_silent = rounds of drand called silent
phrase-further_attempts = further attempts
phrase-voids_before_the_first_value_was_known = voids before the first value was known
phrase-voids_after_the_first_value_was_known = voids after the first value was known
phrase-silent_sources = silent sources
phrase-missing_shares = missing shares
phrase-replaced_institutions = replaced institutions
phrase-visits_not_made = visits not made
phrase-replaced_officers = replaced officers
phrase-officers_who_dropped_out = officers who dropped out
phrase-officers_who_dropped_out_twice_or_as_substitutes = officers who dropped out twice, or as substitutes
phrase-teams_that_do_not_go_to_the_first_reserves = teams that do not go to the first reserves
phrase-visits_by_others_than_the_drawn_team = visits by others than the drawn team
phrase-inspections_outside_draws = inspections outside draws
phrase-inspections_outside_draws_that_move_exclusions_and_rotation = inspections outside draws that move exclusions and rotation
phrase-cycles_closed = cycles closed
phrase-amendments = amendments
phrase-entries_taken_back = entries taken back
phrase-clocks_corrected = clocks corrected
phrase-policies_adopted_despite_findings_of_the_check = policies adopted despite findings of the check
phrase-visits_by_people_whom_a_register_barred = visits by people whom a register barred
phrase-late_entries = late entries
phrase-visits_on_another_day_than_the_lot_gave = visits on another day than the lot gave
phrase-visits_before_the_draw_or_outside_its_window = visits before the draw or outside its window
phrase-a_value_was_neither_given_from_elsewhere_nor_signed_by_its_network = a value was neither given from elsewhere nor signed by its network
phrase-it_takes_the_files_of_frame_roster_and_cycle = it takes the files of frame, roster and cycle
phrase-no_change_of_a_team_whose_record_was_given_with_the_auditor_s_files = no change of a team whose record was given with the auditor's files
phrase-no_checkpoint_was_given = no checkpoint was given
phrase-no_content_of_a_closed_line_was_given = no content of a closed line was given
phrase-no_cycle_file_was_given_or_of_a_draw_before_which_the_cycle_is_not_known = no cycle file was given, or of a draw before which the cycle is not known
phrase-no_dossier_was_given = no dossier was given
phrase-no_drawn_document_is_known = no drawn document is known
phrase-no_file_was_given_that_an_entry_says_was_published = no file was given that an entry says was published
phrase-no_frame_was_given = no frame was given
phrase-no_key_of_a_witness_was_brought_those_that_only_the_ledger_names_are_its_author_s = no key of a witness was brought; those that only the ledger names are its author's
phrase-no_pack_or_no_programme_was_given = no pack or no programme was given
phrase-no_pack_was_given = no pack was given
phrase-no_pack_no_dossier_or_no_frame_was_given = no pack, no dossier or no frame was given
phrase-no_programme_was_given = no programme was given
phrase-no_record_of_a_draw_of_a_registered_batch_was_given = no record of a draw of a registered batch was given
phrase-no_record_of_a_draw_that_stands_was_given = no record of a draw that stands was given
phrase-no_record_was_given_with_the_auditor_s_files_that_it_takes = no record was given with the auditor's files that it takes
phrase-no_record_was_given = no record was given
phrase-no_record_seal_or_values_of_a_draw_were_given = no record, seal or values of a draw were given
phrase-no_replacement_whose_record_shows_enough_reserves = no replacement whose record shows enough reserves
phrase-no_value_carries_one = no value carries one
phrase-no_visit_of_a_draw_whose_record_was_given = no visit of a draw whose record was given
phrase-the_cell_table_was_not_given = the cell table was not given
phrase-the_cycle_file_was_not_given = the cycle file was not given
phrase-the_cycle_of_the_earlier_ledger_is_not_known_from_its_documents = the cycle of the earlier ledger is not known from its documents
phrase-the_document_of_a_draw_is_not_known = the document of a draw is not known
phrase-the_first_line_names_no_earlier_ledger = the first line names no earlier ledger
phrase-the_frame_file_was_not_given = the frame file was not given
phrase-the_ledger_asks_for_no_witnesses = the ledger asks for no witnesses
phrase-the_opening_cycle_is_not_known = the opening cycle is not known
phrase-the_plan_could_not_be_derived = the plan could not be derived
phrase-the_policy_has_no_days_or_county_is_no_stratum = the policy has no days, or county is no stratum
phrase-the_policy_has_no_rule_table = the policy has no rule table
phrase-the_policy_names_no_dossier = the policy names no dossier
phrase-the_policy_names_no_origin = the policy names no origin
phrase-the_policy_was_not_given = the policy was not given
phrase-the_published_beacon_values_were_not_given = the published beacon values were not given
phrase-the_published_seal_was_not_given = the published seal was not given
phrase-the_record_is_not_sound = the record is not sound
phrase-the_record_was_not_given = the record was not given
phrase-the_roster_file_was_not_given = the roster file was not given
phrase-the_rows_were_counted_under_another_policy = the rows were counted under another policy
phrase-the_sample_of_the_record_was_not_given = the sample of the record was not given
phrase-the_secret_was_not_given = the secret was not given
phrase-there_is_no_outcome_yet = there is no outcome yet
phrase-this_build_does_not_check_signatures_of_drand = this build does not check signatures of drand
phrase-this_build_does_not_check_signatures = this build does not check signatures
phrase-too_large_the_picks_have_more_pairs_of_a_post_and_a_candidate_than_may_be_sealed = too large: the picks have more pairs of a post and a candidate than may be sealed
