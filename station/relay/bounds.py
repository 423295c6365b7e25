"""Every bound of carrying for neighbours: a neighbour is hostile until proven, and bounded afterwards."""

from __future__ import annotations

PROTOCOL = 1
BATCH = 20
"""Packets offered at once."""
RECEIPTS = 100
"""Receipts handed out at once."""
JSON_BYTES = 256 * 1024
ANSWER_BYTES = 2 * 1024 * 1024
"""A hundred receipts of sixteen kilobytes and their names."""
CONNECTIONS = 32
CONNECTIONS_EACH = 8
HANDSHAKE_S = 5.0
"""Who connects speaks TLS at once, or loses the place."""
SILENT_S = 30.0
"""A connection on which nothing comes for so long, and on which nothing is being answered, is closed."""
LIFE_S = 900.0
"""No connection lives longer: who drips bytes gets no further."""
RATE_PER_S, BURST = 20.0, 200
"""Requests of one address."""
ADDRESSES = 256
"""Addresses whose rate is remembered."""
PACKETS_AT_ONCE = 2
"""Packets held in memory while they are taken."""
CARRIED_BYTES_EACH = 1024 * 1024 * 1024
"""Carried for one neighbour and not confirmed: some four thousand records."""
RESERVE_BYTES, RESERVE_PART = 2 * 1024 * 1024 * 1024, 0.10
"""Room on the disk that stays for this station's own records, whichever is more."""
NEIGHBOURS = 16
"""Stations nearby that are remembered at once."""
NEIGHBOURS_EACH = 2
"""Of one address; a computer is one station."""

CONNECT_S, ANSWER_S, SEND_S = 5.0, 30.0, 30.0
"""Waits of the one who hands over: a local network answers at once, a disk may take a while."""
EXCHANGE_S = 120.0
"""A question and its answer as a whole, but for a packet, whose connection may live longest: who keeps saying that the
answer is about to come is not listened to for ever.
"""
ASK_AGAIN_S = 3600.0
"""A neighbour that said it has a packet is not asked for that one again before."""
STOP_S = 5.0
LOOK_S = 5.0
"""Between two looks at what is to be done."""
CLEAR_S = 3600.0
"""Between two looks for files of packets that are settled."""
COLLECT_S = 60.0
"""Between two questions for receipts."""
FIRST_REST_S, LONGEST_REST_S = 10.0, 600.0
"""After a neighbour that failed; doubled each time, with jitter."""
