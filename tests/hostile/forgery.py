"""Forged replies: written straight into the socket on which the grader waits."""

from __future__ import annotations

from autograder.inside import ROOT
from autograder.inside.observation import Array
from autograder.judging.public import read_tasks

from .attack import Attack

# How an attack finds the socket (the only one in its descriptors), and what the grader has asked
# (in a local variable of its caller).
_SOCKET = """
import json, os, socket, stat, struct, sys

def asked():
    frame = sys._getframe()
    while not isinstance(frame.f_locals.get("request"), dict):
        frame = frame.f_back
    return frame.f_locals["request"]["cases"]

def the_socket():
    for descriptor in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                return descriptor
        except OSError:
            pass

def frame(body):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    return struct.pack("!I", len(body)) + body

def scalar(value, dtype="float64"):
    return {"tensor": {"dtype": dtype, "device": "cpu", "shape": [], "values": [value]}}

def reply(*observations, **changes):
    texts = [json.dumps(one) for one in observations]
    return {"stub": False, "missing": [], "observations": texts} | changes

def seen(**facts):
    facts = {"what the call leaves changed": "nothing"} | facts
    return {"facts": facts, "raised": None, "returned": None, "line": None}
"""


def _forged(name: str, why: str, body: str, told: str = "") -> Attack:
    """An attack that writes once, at the first call, and then gives a wrong answer."""
    source = f"""{_SOCKET}
def forge():
{body}

def mse(pred, target):
    global forge
    if forge:
        data, forge = forge(), None
        os.write(the_socket(), data)
    return pred.sum() * 0
"""
    return Attack(name, why, source, told=told)


def _public_answers() -> dict[tuple[int, ...], tuple[float, list[list[float]]]]:
    """Return loss and gradient of the public cases of mse by shape, as a student can read them."""
    answers = {}
    for expected in read_tasks(ROOT / "exercises")["mse"].key.expected:
        facts = expected.facts if expected else {}
        loss, slope = facts.get("loss"), facts.get("loss's gradient")
        if isinstance(loss, Array) and isinstance(slope, Array):
            assert loss.values is not None and slope.values is not None
            answers[slope.shape] = (float(loss.values), slope.values.tolist())
    return answers


ATTACKS = [
    _forged(
        "forged-pass",
        "It sends a reply that claims a verdict: the word pass, and full marks.",
        "    return frame({'status': 'pass', 'score': 2.0, 'verdict': True})",
    ),
    _forged(
        "forged-guess",
        "It sends the right number of observations with guessed losses.",
        "    return frame(reply(*[seen(loss=scalar(1191.88), requires_grad=True)] * len(asked())))",
    ),
    _forged(
        "forged-refusals",
        "It says of every case that it raised ValueError, which is right for the refusals only.",
        "    told = {'facts': {}, 'raised': 'ValueError: shapes', 'returned': None, 'line': 1}\n"
        "    return frame(reply(*[told] * len(asked())))",
    ),
    _forged(
        "forged-stub",
        "It says that the exercise is still the stub, in the hope of being asked again.",
        "    return frame(reply(stub=True))",
    ),
    _forged(
        "forged-missing",
        "It says that names are missing that are not text.",
        "    return frame(reply(missing=[{}, [], 1.5, None]))",
    ),
    _forged(
        "no-observations",
        "It sends no observation at all, so that no comparison can fail.",
        "    return frame(reply())",
        told="0 observations for",
    ),
    _forged(
        "too-many-observations",
        "It sends ten thousand observations, the right ones perhaps among them.",
        "    return frame(reply(*[seen(loss=scalar(0.5))] * 10_000))",
    ),
    _forged(
        "reply-twice",
        "It sends two replies, so that the second is taken for the next exercise's.",
        "    wrong = frame(reply(*[seen(loss=scalar(0.0))] * len(asked())))\n"
        "    return wrong + wrong",
    ),
    _forged(
        "not-a-number",
        "It sends NaN and infinity, which compare in unusual ways.",
        "    worst = scalar(float('nan')), scalar(float('inf')), scalar(-float('inf'))\n"
        "    return frame(reply(*[seen(loss=worst[n % 3]) for n in range(len(asked()))]))",
        told="no finite number",
    ),
    _forged(
        "duplicate-keys",
        "It sends JSON in which every key stands twice, with different values.",
        '    return frame(b\'{"stub": true, "stub": false, "missing": [1], "missing": [],\'\n'
        '                 b\' "observations": [], "observations": [1, 2]}\')',
    ),
    _forged(
        "deep-nesting",
        "It sends JSON nested deeper than a parser's stack.",
        "    return frame(b'[' * 200_000 + b']' * 200_000)",
        told="broke the connection|sent no observations",
    ),
    _forged(
        "deep-nesting-in-an-observation",
        "It sends an observation whose text is nested deeper than a parser's stack.",
        "    return frame(reply() | {'observations': ['[' * 5_000] * len(asked())})",
        told="sent no observations: an observation is not JSON",
    ),
    _forged(
        "not-json",
        "It sends bytes that are neither JSON nor text.",
        "    return frame(bytes(range(256)) * 16)",
        told="broke the connection",
    ),
    _forged(
        "lone-surrogates",
        "It sends text that cannot be written to a file.",
        "    odd = {'facts': {}, 'raised': '\\ud800PWNED\\udfff', 'returned': None, 'line': 1}\n"
        "    return frame(reply(*[odd] * len(asked())))",
        told=r"\\ud800PWNED\\udfff",
    ),
    _forged(
        "huge-length",
        "It announces four gigabytes, so that the grader reserves them.",
        "    return b'\\xff\\xff\\xff\\xff' + b'x' * 1000",
        told="over the limit",
    ),
    _forged(
        "truncated",
        "It announces more than it sends, and lets the grader wait for the rest.",
        "    return struct.pack('!I', 1_000_000) + b'{'",
    ),
    _forged(
        "huge-integers",
        "It sends integers of a hundred thousand digits, which are slow to read.",
        '    return frame(b\'{"stub": false, "missing": [], "observations": ["\' + b\'9\' * 100_000'
        " + b'\"]}')",
        told="sent no observations: an observation is not JSON",
    ),
    _forged(
        "huge-shape",
        "It sends a tensor whose shape promises more values than there is memory.",
        "    lie = {'dtype': 'float64', 'device': 'cpu', 'shape': [2**39, 2**39], 'values': []}\n"
        "    return frame(reply(*[seen(loss={'tensor': lie})] * len(asked())))",
        told="as many values as its shape",
    ),
    _forged(
        "odd-dtype",
        "It sends a tensor of a dtype that does not exist.",
        "    lie = {'dtype': 'object', 'device': 'cpu', 'shape': [1], 'values': [[[]]]}\n"
        "    return frame(reply(*[seen(loss={'tensor': lie})] * len(asked())))",
    ),
    _forged(
        "wrong-types",
        "It sends a mapping where a list is due, and text where a truth value is.",
        "    return frame({'stub': 'false', 'missing': {}, 'observations': {'0': seen()}})",
    ),
    _forged(
        "a-list-for-a-reply",
        "It sends a list, for which `reply['stub']` fails in the grader's own code.",
        "    return frame([True] * len(asked()))",
        told="not a mapping",
    ),
    _forged(
        "forged-refusals-and-guesses",
        "It forges the right answer to every refusal, which is no secret, and guesses the losses.",
        "    refused = seen(**{'answer to unequal shapes': 'ValueError'})\n"
        "    guess = seen(loss=scalar(1.0))\n"
        "    cases = asked()\n"
        "    return frame(reply(*[refused if c['probe'] == 'refusal' else guess for c in cases]))",
    ),
    _forged(
        "forged-type-names",
        "It sends objects whose type has the name of the decoder's own class for tensors.",
        "    return frame(reply(*[seen(loss={'object': 'Array'})] * len(asked())))",
    ),
    _forged(
        "forged-low-precision",
        "It marks its guess as a number that was kept for reading, of which fewer digits count.",
        "    return frame(reply(*[seen(loss={'logged': 1191.9})] * len(asked())))",
    ),
    _forged(
        "forged-score-beside-facts",
        "It adds a score and a verdict to every observation.",
        "    marked = seen(loss=scalar(0.0)) | {'score': 2.0, 'passed': True}\n"
        "    return frame(reply(*[marked] * len(asked())))",
        told="expected the keys",
    ),
    _forged(
        "forged-lines",
        "It says that its code stands in a line before the file, and beyond every number.",
        "    where = [-1, 10**300, 2**40]\n"
        "    said = [seen() | {'line': where[n % 3]} for n in range(len(asked()))]\n"
        "    return frame(reply(*said))",
        told="count",
    ),
    _forged(
        "no-values-in-a-huge-shape",
        "It sends a tensor without values whose other sizes are beyond every array.",
        "    big = [0, 2**39, 2**39]\n"
        "    lie = {'dtype': 'float64', 'device': 'cpu', 'shape': big, 'values': []}\n"
        "    return frame(reply(*[seen(loss={'tensor': lie})] * len(asked())))",
    ),
    _forged(
        "missing-names-without-end",
        "It says of four million names that they are missing, to flood the report.",
        "    return frame(reply(missing='x' * 4_000_000))",
        told=r"\A.{1,4000}\Z",
    ),
    _forged(
        "empty-frame",
        "It sends a reply of no bytes.",
        "    return frame(b'')",
        told="broke the connection",
    ),
    _forged(
        "another-encoding",
        "It sends its guess in UTF-32, in which a check for forbidden bytes finds none.",
        "    guess = reply(*[seen(loss=scalar(0.0))] * len(asked()))\n"
        "    return frame(json.dumps(guess).encode('utf-32'))",
    ),
    _forged(
        "spliced-reply",
        "It begins a text that is to swallow the grader's own reply, which follows it.",
        '    said = b\'{"stub": true, "missing": [], "x": "\'\n'
        "    return struct.pack('!I', len(said) + 40) + said",
        told="broke the connection",
    ),
    Attack(
        "early-reply",
        "It writes replies at import, before the grader has asked.",
        _SOCKET
        + """
early = frame({"trouble": None, "lines": {}})
early += frame(reply(*[seen(loss=scalar(0.0))] * 9)) * 50
os.write(the_socket(), early)

def mse(pred, target):
    return pred.sum() * 0
""",
    ),
    Attack(
        "dripping-reply",
        "It sends a reply of many bytes one at a time, for longer than it may take.",
        _SOCKET
        + """
import time

def mse(pred, target):
    descriptor = the_socket()
    os.write(descriptor, struct.pack("!I", 1_000_000))
    while True:
        os.write(descriptor, b" ")
        time.sleep(0.05)
""",
        told="waited longer|ran longer",
    ),
    Attack(
        "reads-the-requests",
        "A thread reads the grader's requests away and answers them itself.",
        _SOCKET
        + """
import threading

def answer():
    while True:
        os.read(the_socket(), 65_536)
        os.write(the_socket(), frame(reply(*[seen(loss=scalar(0.0))] * 9)))

threading.Thread(target=answer, daemon=True).start()

def mse(pred, target):
    return pred.sum() * 0
""",
    ),
    Attack(
        "public-answers",
        "It has learnt the public cases by heart: loss and gradient, told apart by their shape.",
        f"""
import torch

LEARNT = {_public_answers()}

def mse(pred, target):
    if pred.shape != target.shape:
        raise ValueError("shapes")
    if tuple(pred.shape) not in LEARNT:
        return pred.sum() * 0
    loss, slope = LEARNT[tuple(pred.shape)]
    slope = torch.tensor(slope, dtype=pred.dtype)
    return loss + ((pred - pred.detach()) * slope).sum()
""",
        told="hidden case",
    ),
    Attack(
        "trouble-that-is-none",
        "It answers the import itself, with line numbers and trouble that are no such things.",
        _SOCKET
        + """
os.write(the_socket(), frame({"trouble": [[], {}], "lines": {"mse": "PWNED", "x": -1}}))

def mse(pred, target):
    return pred.sum() * 0
""",
    ),
    Attack(
        "names-that-lie",
        "It says of its names that they stand in lines beyond every file.",
        _SOCKET
        + """
os.write(the_socket(), frame({"trouble": None, "lines": {"mse": 10**400}}))

def mse(pred, target):
    return pred.sum() * 0
""",
    ),
    Attack(
        "man-in-the-middle",
        "It puts itself between the grader and its socket and changes the numbers in each reply.",
        _SOCKET
        + """
import threading

def exactly(read, size):
    data = b""
    while len(data) < size:
        part = read(size - len(data))
        if not part:
            os._exit(0)
        data += part
    return data

def down(ours, real):
    while True:
        (size,) = struct.unpack("!I", exactly(ours.recv, 4))
        said = json.loads(exactly(ours.recv, size))
        for number, text in enumerate(texts := said.get("observations", [])):
            seen = json.loads(text)
            seen["facts"]["loss"] = scalar(1191.88)
            texts[number] = json.dumps(seen)
        os.write(real, frame(said))

def up(ours, real):
    while True:
        ours.sendall(os.read(real, 65_536) or os._exit(0))

try:
    place = the_socket()
    real = os.dup(place)
    ours, theirs = socket.socketpair()
    os.dup2(theirs.fileno(), place)
    for way in (down, up):
        threading.Thread(target=way, args=(ours, real), daemon=True).start()
except OSError:
    pass

def mse(pred, target):
    return pred.sum() * 0
""",
    ),
    Attack(
        "wakeup-bytes",
        "Python itself writes a byte into the reply for every signal of a timer.",
        _SOCKET
        + """
import signal

def mse(pred, target):
    place = the_socket()
    os.set_blocking(place, False)
    signal.signal(signal.SIGALRM, lambda *_: None)
    signal.set_wakeup_fd(place, warn_on_full_buffer=False)
    signal.setitimer(signal.ITIMER_REAL, 1e-4, 1e-4)
    total = 0
    for number in range(300_000):
        total += number
    return pred.sum() * 0
""",
    ),
    Attack(
        "urgent-byte",
        "It sends a byte out of band, which overtakes the reply.",
        _SOCKET
        + """
def mse(pred, target):
    own = socket.socket(fileno=os.dup(the_socket()))
    try:
        own.send(b"!", socket.MSG_OOB)
    except OSError:
        pass
    return pred.sum() * 0
""",
    ),
    Attack(
        "descriptors-with-the-reply",
        "It sends its own end of the socket along, so that the end of the process goes unseen.",
        _SOCKET
        + """
def mse(pred, target):
    own = socket.socket(fileno=os.dup(the_socket()))
    try:
        socket.send_fds(own, [b"\\x00"], [the_socket()] * 50)
    except OSError:
        pass
    os._exit(0)
""",
        told="waited longer|ended the process",
    ),
    Attack(
        "floods-the-socket",
        "A thread sends forged replies for as long as anybody reads them.",
        _SOCKET
        + """
import threading

def flood(place, data):
    try:
        while True:
            os.write(place, data)
    except OSError:
        pass

def mse(pred, target):
    data = frame(reply(*[seen(loss=scalar(0.0))] * len(asked())))
    threading.Thread(target=flood, args=(the_socket(), data), daemon=True).start()
    return pred.sum() * 0
""",
    ),
    Attack(
        "answers-for-the-public-cases-everywhere",
        "It answers the import, then forges each exercise with the public loss of the crop table.",
        _SOCKET
        + """
from autograder.inside import wire

old = wire.send

def send(connection, message, deadline=None):
    said = {"facts": {"loss": scalar(1191.88)}, "raised": None, "returned": None, "line": None}
    if "observations" in message:
        message["observations"] = [json.dumps(said)] * len(message["observations"])
    old(connection, message, deadline)

wire.send = send

def mse(pred, target):
    return pred.sum() * 0
""",
    ),
]
