"""Spec 1.6: the ids of units, and divisions of GB/T 2260. A code is basics.CODE."""
import re

from basics import CODE

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100
PROVINCES = "1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12]"  # GB/T 2260
WEIGHTS = 3, 7, 9, 10, 5, 8, 4, 2  # GB 11714

def is_division(text):  # of GB/T 2260
    if text == "100000" or re.fullmatch("[0-9]{6}(?:[0-9]{3}){0,2}", text) is None or not re.fullmatch(PROVINCES, text[:2]):
        return text == "100000"
    below = [text[n:n + 3] for n in range(6, len(text), 3)]
    return "000" not in below and (text[2:4] != "00" or text[4:] == "00")

def organisation_check(text):  # of the first eight characters
    left = 11 - sum(int(c, 36) * w for c, w in zip(text, WEIGHTS)) % 11
    return {10: "X", 11: "0"}.get(left, str(left))

def is_credit_code(text):
    if not set(text) <= set(ALPHABET) or not is_division(text[2:8]):
        return False
    total = sum(ALPHABET.index(c) * 3**place for place, c in enumerate(text[:17]))
    return text[17] == ALPHABET[-total % 31] and text[16] == organisation_check(text[8:16])

def is_registration_number(text):  # ISO 7064, MOD 11,10
    p = 10
    for digit in text[:14]:
        p = ((p + int(digit)) % 10 or 10) * 2 % 11
    return int(text[14]) == (11 - p) % 10

def is_unit_id(text):
    return isinstance(text, str) and re.fullmatch(CODE, text) is not None

def has_form(frame, text):  # of the ids of this frame, as its policy says
    return is_unit_id(text) and (frame.get("ids") == "plain" or is_national(text))

def is_national(text):
    if re.fullmatch("[0-9A-Z]{18}", text):
        return is_credit_code(text)
    if re.fullmatch("[0-9]{15}", text):
        return is_registration_number(text)
    return "-" in text and text[-1] != "-"
