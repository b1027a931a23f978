"""Spec 17.3 and 17.5: the register of a year's draws, and the sizes of the logs of registers."""
from collections import namedtuple
from datetime import timedelta

from basics import ONE, billionths, day, instant
from year import ascend

HALF_YEAR = timedelta(days=180)

class Register(namedtuple("Register", "number at batches programme")):
    def has(self, batch):
        return batch in self.batches

def is_register(rows):
    numbers = [row["batch"] for row in rows]
    return (1 <= len(rows) <= 366 and ascend(numbers) and min(numbers) >= 1
            and sum(billionths(row["share"]) for row in rows) <= ONE)

class Year:
    def __init__(self):
        self.registers, self.closings, self.logs = [], [], {}

    def register(self, entry, content):
        batches = {row["batch"]: row for row in content["batches"]}
        self.registers.append(Register(entry["number"], entry["at"], batches, content.get("programme")))

    def close(self, number):
        self.closings.append(number)

    def began(self):  # the entry with which the cycle began
        return self.closings[-1] if self.closings else 0

    def standing(self):
        last = self.registers[-1] if self.registers else None
        return last if last and last.number > self.began() else None

    def is_soon(self, at):
        return bool(self.registers) and (self.standing() is not None
                                         or at < instant(self.registers[-1].at) + HALF_YEAR)

    def wrong(self, batch, sequence, attempts):
        """Why an attempt at a draw cannot be of a batch (None: of none), or an empty text."""
        if batch is None:
            return ""
        if self.standing() is None or self.standing().number != batch[0]:
            return "adopted under another register"
        taken = any(attempt.number > self.began() and attempt.name[0] != sequence and attempt.batch
                    and attempt.batch[1] == batch[1] for attempt in attempts)
        return "another draw has this batch" if taken else ""

    def left_out(self, moment, attempts):
        """[number of the register, batch] of those that were not drawn."""
        found = []
        for register in self.registers:
            begin = max((n for n in self.closings if n < register.number), default=0)
            end = min((n for n in self.closings if n > register.number), default=None)
            inside = lambda number: begin < number and (end is None or number < end)
            if any(other.number > register.number and inside(other.number) for other in self.registers):
                continue
            drawn = {attempt.batch[1] for attempt in attempts
                     if attempt.batch and inside(attempt.number) and attempt.drawn and not attempt.taken_back()}
            for number, row in register.batches.items():
                if number not in drawn and (end is not None or moment.date() > day(row["window"]["to"])):
                    found.append([register.number, number])
        return found
