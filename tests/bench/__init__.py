"""The benchmark: what a decision costs, how long a command takes to start, and how both grow.

Run it with ``make bench``, or ``make bench ARGS=--quick`` for a glance of less than a minute. It
needs nothing but the development environment; it starts its own PostgreSQL, and both databases wait
for the disk at every commit (``fsync`` on, ``synchronous=FULL``). It asserts no time: what is fast
enough is for the reader to say, who should run it twice, on a machine that does nothing else.

**Decisions.** Items under the policy ``two_tier`` are carried through its five stages with
``WorkflowService.perform``, which is everything a decision asks for: lock, facts, guards, the
decision's row, the trail, the move, what was seen, one commit. In the same run the *very same
statements* go to the same database through the bare driver (``sqlite3``, ``psycopg``), on items of
its own, with BEGIN and COMMIT and parameters made beforehand. The statements are recorded from the
service at the start of the run, so the two cannot drift apart. Both sides take turns in small
blocks, and each figure is the median over the blocks; the ratio is the median of the ratios of
neighbouring blocks, so that noise of the machine hits both. A ratio of 1 would mean that the engine
costs nothing beside its SQL. The aim is at least 0.5 on PostgreSQL and a third on SQLite. *CPU* is
the time that this process computed, system calls included; on PostgreSQL the server's own work is
not in it, so the two databases compare by throughput and not by CPU. *Statements* are those of a
decision on the average, without BEGIN and COMMIT; the seal takes two more, on PostgreSQL three.

**The disk** belongs to the picture: a slow one makes both sides slower and the ratio better. The
line above the table tells how long the file system takes to confirm one small write.

**Start-up.** ``gongkai --help`` and ``gongkai inbox`` as processes, against ``python -c pass``, in
turns; medians of wall-clock time. The aim for ``--help`` is to be within 120 ms of bare Python.

**Due dates.** The calendar's ``add`` for 20 and 30 working days, a list of working days with
``bisect`` and nothing around it, and the package ``holidays``, which counts day by day and is asked
a hundredth of the days. All three must agree. The aim is to be within twice the plain list.

**Boards.** The same mixture with both legal clocks on every item and the budgets of those that
wait. One of five items has a running one, so a tenth of ten thousand items is overdue, and of a
million as well. A page has to follow its rows and not the items; its total is counted up to a
thousand, and "more than" that is said beyond.

**Sweep.** A thousand clocks that have just run out, all over the table, among all others; the sweep
and four set-based statements that write the same rows (without a hash) take turns. *CPU* is again
the time of this process: on SQLite, which works in it, the ratio of the two does not change with
what else the machine does. Then ten times as many at once, and by how much the process grew over
them. The first 50,000 items are filled in as everywhere; those beyond are copies of them that the
database makes of item, revision and author, without decisions, deliveries and entries of the trail,
of which a sweep reads none. The naive loop, which loads every running clock, is left out beyond
100,000 items. ``--sweep`` takes other numbers of items, ``--databases`` one database alone.

**Site.** Published items of thirteen months, of five bodies by turns, are built into a site; then
1, 10 and 100 more are published, and as many old ones picked at random are said to be repealed.
Measured is what the sender does with what is owed then, its transactions included. The bare side
moves as many files of as many bytes into place and flushes the same directories, and does nothing
else. The files of a change must not become more with the site. Months are the same for every size,
so a page of a month has the more others beside it the larger the site is; in life it has not.

**Growth.** One database of each kind is filled in steps; at each step decisions, the final
reviewer's inbox, the supervisor's list, one item shown whole, and the process ``gongkai inbox`` are
measured. What a step holds is a fixed mixture: nine of ten items are published, one of a hundred
waits at each stage. So an inbox grows with the office here, which it does not in life: the column
shows the worst case. Rows are written by bulk SQL, with every table filled as the service would
have filled it, apart from the hashes of the trail, which are placeholders.
"""
