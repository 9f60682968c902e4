#!/usr/bin/env python3
"""Makes the synthetic traffic crowd: reports.csv and tasks.jsonl, the same bytes every time.

Two AI-written forecasts of the traffic in an hour are shown to drivers, who say which will be closer to
what the counter measures. What each driver knows, and what each is after, is invented here (see README.md).
usage: python3 make.py        (in this folder)
"""
import json
import random

SLOTS = 400
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
WEATHER = [("clear", 1.0), ("light rain", 0.96), ("heavy rain", 0.88), ("snow", 0.78), ("fog", 0.93)]
HOURLY = [550, 350, 280, 300, 650, 1900, 3900, 4700, 4300, 4000, 4100, 4400,
          4600, 4650, 4900, 5300, 5700, 5400, 4300, 3300, 2800, 2500, 2100, 1300]

# (how many, name, probability of a right choice, strategy)
DRIVERS = [(6, "taxi", 0.86, "honest"), (10, "commuter", 0.72, "honest"), (10, "occasional", 0.60, "honest"),
           (4, "guesser", 0.50, "honest"), (6, "contrarian", 0.80, "reports the opposite"),
           (4, "left-clicker", 0.50, "always a"), (4, "ring", 0.45, "all copy one of them")]


def volume(rng, day, hour, factor):
    weekend = 0.75 if day >= 5 else 1.0
    return max(60, int(rng.gauss(HOURLY[hour] * weekend * factor, 260)))


def words(vehicles):
    level = "light" if vehicles < 1500 else "moderate" if vehicles < 3500 else "heavy" if vehicles < 5200 else "very heavy"
    return f"{level}, about {vehicles:,} vehicles in the hour"


def drivers():
    return [(f"{name}-{n + 1:02d}", accuracy, strategy) for count, name, accuracy, strategy in DRIVERS
            for n in range(count)]


def choice(rng, right, accuracy, strategy, ring_choice):
    if strategy == "always a":
        return "a"
    if strategy == "all copy one of them":
        return ring_choice
    if rng.random() < 0.06:
        return "tie"
    good = rng.random() < accuracy
    if strategy == "reports the opposite":
        good = not good
    return right if good else ("b" if right == "a" else "a")


def slot(rng, number):
    day, hour, (sky, factor) = rng.randrange(7), rng.randrange(24), rng.choice(WEATHER)
    measured = volume(rng, day, hour, factor)
    guesses = [max(40, int(measured * rng.gauss(1, spread))) for spread in rng.sample([0.05, 0.25], 2)]
    misses = [abs(guess - measured) for guess in guesses]
    right = "tie" if abs(misses[0] - misses[1]) < 0.01 * measured else "a" if misses[0] < misses[1] else "b"
    prompt = f"Forecast the westbound traffic on {DAYS[day]} from {hour:02d}:00 to {(hour + 1) % 24:02d}:00, {sky}."
    task = {"task_id": f"hour-{number:03d}", "prompt": prompt,
            "response_a": "Expect " + words(guesses[0]) + ".", "response_b": "Expect " + words(guesses[1]) + "."}
    return task, right


def main():
    rng = random.Random(20241)
    crowd = drivers()
    time = 1_700_000_000
    with open("reports.csv", "w", newline="") as reports, open("tasks.jsonl", "w") as tasks:
        reports.write("task_id,time,worker_id,item_a,item_b,choice,truth\n")
        for number in range(SLOTS):
            task, right = slot(rng, number)
            tasks.write(json.dumps(task) + "\n")
            truth = right if rng.random() < 0.9 else ""  # the counter was off: no outcome
            lean = right if right != "tie" else rng.choice("ab")
            ring_choice = lean if rng.random() < 0.45 else ("b" if lean == "a" else "a")
            for name, accuracy, strategy in rng.sample(crowd, rng.randint(6, 12)):
                time += rng.randint(5, 240)
                said = choice(rng, lean, accuracy, strategy, ring_choice)
                reports.write(f"{task['task_id']},{time},{name},model-1,model-2,{said},{truth}\n")


main()
