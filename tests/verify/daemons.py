"""A plain simulation of keepalived daemons with clocks, packets and scripts.

It shares the configuration values with the model and nothing else: every daemon is a state
machine with timers, every advert a packet, every check a script that runs at its own phase.
"""

from __future__ import annotations

import heapq
import itertools
import random

LATENCY = (0.0001, 0.001)
JITTER = 0.029
"""Seconds by which hosts that start together differ."""


class Lab:
    """Hosts on one wire. Seconds; `run` lets time pass."""

    def __init__(self, network, hears, seed, latency=LATENCY, jitter=JITTER):
        self.random = random.Random(seed)
        self.latency, self.jitter = latency, jitter
        self.now = 0.0
        self.queue = []
        self.number = itertools.count()
        self.hears = hears
        self.cut = set()
        self.hosts = {node.name: Host(self, node) for node in network.nodes}
        self.changes = []

    def at(self, when, what, *arguments):
        heapq.heappush(self.queue, (when, next(self.number), what, arguments))

    def run(self, seconds):
        end = self.now + seconds
        while self.queue and self.queue[0][0] <= end:
            self.now, _number, what, arguments = heapq.heappop(self.queue)
            what(*arguments)
        self.now = end

    def send(self, router, priority):
        for host in self.hosts.values():
            if host is router.host or router.mute or (router.host.name, host.name) in self.cut:
                continue
            for other in host.routers:
                if not other.mute and self.hears((router.host.name, router.name), (host.name, other.name)):
                    delay = self.random.uniform(*self.latency)
                    self.at(self.now + delay, host.deliver, other, priority, router.address, router.interval)

    def holders(self):
        found = {}
        for host in self.hosts.values():
            for router in host.routers:
                found.setdefault(router.name, set())
                if router.holds:
                    found[router.name].add(host.name)
        return {name: tuple(sorted(hosts)) for name, hosts in found.items()}

    def changed(self):
        self.changes.append((self.now, self.holders()))


class Host:
    def __init__(self, lab, node):
        self.lab, self.node, self.name = lab, node, node.name
        self.state = "off"
        self.bad = set()
        self.links_down = set()
        self.noticed = set()
        self.life = 0
        self.inbox = []
        self.routers = [Router(self, instance) for instance in node.instances]
        for group in node.groups:
            members = [router for router in self.routers if router.name in group.members]
            for router in members:
                router.group = members

    def start(self, delay):
        if self.state in ("up", "frozen"):
            return
        self.state = "up"
        self.life += 1
        self.noticed = set(self.bad)
        for router in self.routers:
            if router.left_over:
                self.lab.at(self.lab.now + self.lab.random.uniform(0, 0.1), router.held_by_nobody, self.life)
        self.lab.at(self.lab.now + delay, self.begin, self.life)

    def begin(self, life):
        if life != self.life or self.state != "up":
            return
        for router in self.routers:
            router.judge()
        for router in self.routers:
            router.boot()
        for check in self.node.checks:
            phase = self.lab.random.uniform(0, check.interval)
            self.lab.at(self.lab.now + phase, self.probe, life, check, 0)

    def probe(self, life, check, streak):
        if life != self.life or self.state == "off":
            return
        if self.state == "up":
            bad = check.name in self.bad
            if bad == (check.name in self.noticed):
                streak = 0
            else:
                streak += 1
                if streak >= (check.fall if bad else check.rise):
                    streak = 0
                    self.noticed ^= {check.name}
                    self.judge_all()
        self.lab.at(self.lab.now + check.interval, self.probe, life, check, streak)

    def judge_all(self):
        for router in self.routers:
            router.judge()
        for router in self.routers:
            router.act_on_fault()

    def link(self, interface, up):
        (self.links_down.discard if up else self.links_down.add)(interface)
        if self.state == "up":
            self.judge_all()

    def stop(self):
        if self.state == "up":
            for router in self.routers:
                if router.state == "master":
                    self.lab.send(router, 0)
        self.vanish()

    def vanish(self, kept=()):
        self.state = "off"
        self.life += 1
        self.inbox = []
        for router in self.routers:
            router.state, router.left_over = "off", router in kept
            router.token += 1
        self.lab.changed()

    def kill(self):
        kept = [router for router in self.routers if router.holds]
        self.vanish(kept)
        self.lab.changed()

    def deliver(self, router, *packet):
        if self.state == "up":
            router.receive(*packet)
        elif self.state == "frozen":
            self.inbox.append((router, packet))

    def freeze(self):
        if self.state == "up":
            self.state = "frozen"

    def thaw(self):
        if self.state != "frozen":
            return
        self.state = "up"
        waiting, self.inbox = self.inbox, []
        for router, packet in waiting:
            router.receive(*packet)
        for router in self.routers:
            if router.state == "master":
                router.advertise(router.token, once=True)


class Router:
    def __init__(self, host, instance):
        self.host, self.lab, self.cfg = host, host.lab, instance
        self.name = instance.name
        self.interval = instance.advert_int
        self.address = tuple(int(part) for part in instance.address.split("."))
        self.group = [self]
        self.state = "off"
        self.left_over = False
        self.token = 0
        self.priority = instance.priority
        self.faulty = False
        self.learned = self.interval
        self.wants = False
        self.deadline = 0.0
        self.delay_until = None

    @property
    def holds(self):
        return self.state == "master" or self.left_over

    def held_by_nobody(self, life):
        if life == self.host.life:
            self.left_over = False
            self.lab.changed()

    @property
    def mute(self):
        return self.cfg.interface in self.host.links_down

    def skew(self):
        return (256 - self.priority) / 256 * (self.learned if self.cfg.version == 3 else 1)

    def down_time(self):
        return self.cfg.down_timer_adverts * self.learned + self.skew()

    def judge(self):
        """Priority and fault from what the host has noticed."""
        total, fault = self.cfg.priority, self.mute
        for tracker in self.cfg.trackers:
            bad = tracker.check in self.host.noticed
            if tracker.weight == 0:
                fault = fault or bad
            elif (tracker.weight > 0 and not bad) or (tracker.weight < 0 and bad):
                total += tracker.weight
        new = self.cfg.priority if self.cfg.priority == 255 else min(254, max(1, total))
        if self.state == "backup" and new != self.priority:
            before = self.skew()
            self.priority = new
            self.set_timer(self.deadline + self.skew() - before)
        self.priority, self.faulty = new, fault

    def act_on_fault(self):
        fault = any(router.faulty for router in self.group)
        if fault and self.state in ("master", "backup"):
            if self.state == "master":
                self.lab.send(self, 0)
            self.state, self.wants, self.delay_until, self.learned = "fault", False, None, self.interval
            self.token += 1
            self.lab.changed()
        elif not fault and self.state == "fault":
            self.boot()

    def boot(self):
        self.learned, self.wants, self.delay_until = self.interval, False, None
        if any(router.faulty for router in self.group):
            self.state = "fault"
            return
        self.state = "backup"
        owners = all(router.cfg.priority == 255 for router in self.group)
        self.set_timer(self.lab.now + (1e-6 if owners else self.down_time()))

    def set_timer(self, when):
        self.token += 1
        self.deadline = when
        self.lab.at(max(when, self.lab.now), self.expire, self.token)

    def expire(self, token):
        if token != self.token or self.state != "backup":
            return
        if self.host.state == "frozen":
            self.lab.at(self.lab.now + 0.01, self.expire, token)
            return
        self.wants = True
        if all(router.wants or router.state == "master" for router in self.group):
            for router in self.group:
                router.lead()
        else:
            self.set_timer(self.lab.now + self.down_time())

    def lead(self):
        self.state, self.wants, self.delay_until = "master", False, None
        self.token += 1
        self.lab.changed()
        self.advertise(self.token)

    def advertise(self, token, once=False):
        if token != self.token or self.state != "master" or self.host.state == "off":
            return
        if self.host.state == "up":
            self.lab.send(self, self.priority)
        if not once:
            self.lab.at(self.lab.now + self.interval, self.advertise, token)

    def receive(self, priority, address, interval):
        if self.state == "backup":
            self.as_backup(priority, interval)
        elif self.state == "master":
            self.as_master(priority, address, interval)

    def as_backup(self, priority, interval):
        if priority == 0:
            self.set_timer(self.lab.now + self.skew())
            return
        accept = priority >= self.priority or (self.cfg.nopreempt and self.priority != 255)
        if priority >= self.priority:
            self.delay_until = None
        elif self.cfg.preempt_delay and not self.cfg.nopreempt:
            if self.delay_until is None:
                self.delay_until = self.lab.now + self.cfg.preempt_delay
            accept = accept or self.lab.now < self.delay_until
        if accept:
            self.wants = False
            if self.cfg.version == 3:
                self.learned = interval
            self.set_timer(self.lab.now + self.down_time())

    def as_master(self, priority, address, interval):
        if priority == 0:
            self.lab.send(self, self.priority)
        elif priority > self.priority or (priority == self.priority and address > self.address):
            if self.cfg.version == 3:
                self.learned = interval
            for router in self.group:
                router.state, router.wants, router.delay_until = "backup", False, None
                router.set_timer(self.lab.now + router.down_time())
            self.lab.changed()
        elif not self.cfg.lower_prio_no_advert:
            self.lab.send(self, self.priority)
