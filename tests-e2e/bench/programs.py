"""The kernel's own account of how long BPF programs ran, and what that account costs."""

import ctypes
import json
import os
import subprocess

LIBBPF = ctypes.CDLL("libbpf.so.1", use_errno=True)
LIBBPF.bpf_object__open_file.restype = ctypes.c_void_p
LIBBPF.bpf_object__next_program.restype = ctypes.c_void_p
LIBBPF.bpf_program__attach.restype = ctypes.c_void_p
EMPTY = ("empty_send", "empty_recv")


def attach_empty(path):
    """Loads and attaches the empty programs; they go when this program ends, or with detach."""
    bpf_object = ctypes.c_void_p(LIBBPF.bpf_object__open_file(str(path).encode(), None))
    if not bpf_object or LIBBPF.bpf_object__load(bpf_object):
        raise SystemExit(f"{path} could not be loaded")
    program, links = None, []
    while program := LIBBPF.bpf_object__next_program(bpf_object, ctypes.c_void_p(program)):
        links.append(ctypes.c_void_p(LIBBPF.bpf_program__attach(ctypes.c_void_p(program))))

    def detach():
        for link in links:
            LIBBPF.bpf_link__destroy(link)
        LIBBPF.bpf_object__close(bpf_object)
    return detach


class Statistics:
    """kernel.bpf_stats_enabled for as long as this is open; the kernel switches it off with the descriptor, whatever happens."""

    def __enter__(self):
        self.fd = LIBBPF.bpf_enable_stats(0)
        if self.fd < 0:
            raise SystemExit("BPF statistics could not be switched on")
        return self

    def __exit__(self, *_):
        os.close(self.fd)


def runs(ids):
    """{program name: (nanoseconds, runs)} of these ids and of the empty programs; those of one name, of several objects, added up."""
    shown = json.loads(subprocess.run(["bpftool", "-j", "prog", "show"], check=True, capture_output=True).stdout)
    all_of = {}
    for p in shown:
        if p["id"] in ids or p.get("name") in EMPTY:
            ns, count = all_of.get(p.get("name", str(p["id"])), (0, 0))
            all_of[p.get("name", str(p["id"]))] = ns + p.get("run_time_ns", 0), count + p.get("run_cnt", 0)
    return all_of


def difference(after, before):
    return {name: (ns - before.get(name, (0, 0))[0], count - before.get(name, (0, 0))[1]) for name, (ns, count) in after.items()}
