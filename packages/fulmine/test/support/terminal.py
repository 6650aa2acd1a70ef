"""Runs a program in a terminal of its own, sends it signals, and tells what it printed and how it ended, as JSON.

Its argument is JSON: `args` and `cwd` of the program; `at`, the text after which the first signal is sent, `delay`
seconds later; and `signals`, one every `delay` seconds. "HANGUP" closes the terminal.
"""

import codecs, fcntl, json, os, pty, select, signal, struct, sys, termios, time

spec = json.loads(sys.argv[1])
pid, terminal = pty.fork()
if pid == 0:
    os.chdir(spec["cwd"])
    os.execvp(spec["args"][0], spec["args"])
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))

decode = codecs.getincrementaldecoder("utf8")("replace").decode
output = ""
waiting = list(spec["signals"])
due = None
while True:
    left = None if due is None else max(0, due - time.monotonic())
    if select.select([terminal], [], [], left)[0]:
        try:
            chunk = os.read(terminal, 1 << 16)
        except OSError:  # The program has closed its end.
            chunk = b""
        if not chunk:
            break
        output += decode(chunk)
    if due is None and waiting and spec["at"] in output:
        due = time.monotonic() + spec["delay"]
    if due is not None and time.monotonic() >= due:
        name = waiting.pop(0)
        due = time.monotonic() + spec["delay"] if waiting else None
        if name == "HANGUP":
            os.close(terminal)
            break
        os.kill(pid, getattr(signal, name))
status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
json.dump({"output": output, "status": status}, sys.stdout)
