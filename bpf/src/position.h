/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Where a transfer stands in the byte stream. */
#pragma once

/*
 * The position in the byte stream, proved by TCP's own sequence numbers: bytes that no hook saw are skipped where they belong to a body of known length, and else
 * give the connection up.
 */
__noinline int sp_find_position(struct conn *c, struct scratch *s, __u32 after)
{
	struct stream *st;
	__u32 before, missed;

	if (!c || !s)
		return 0;
	st = &c->stream[s->direction & 1];
	before = after - (__u32)s->io.total;
	missed = before - st->position;
	if (missed == 1 && s->fin_read) {
		/* The peer's FIN takes a sequence number of its own. */
		missed = 0;
		after--;
	}
	if (st->positioned && missed && st->state > SP_UNSYNCED && st->state < SP_UNTIL_CLOSE) {
		if (c->endpoints.protocol && (st->bits & SP_FRAME_CAPTURED)) {
			sp_give_up(c, s, SP_LOST_GAP);
		} else if ((st->state == SP_LENGTH || st->state == SP_CHUNK) && missed < st->remaining) {
			keep_no_more(c, s);
			sp_h2_hole(c, s->direction);
			st->remaining -= missed;
			account(c, s, missed);
		} else if (st->state == SP_LENGTH && missed == st->remaining) {
			st->remaining = 0;
			account(c, s, missed);
			st->state = SP_START;
			message_end(c, s);
		} else {
			sp_give_up(c, s, SP_LOST_GAP);
		}
	}
	/* What waits to be recognised does not go on behind a gap. */
	if (st->positioned && missed && st->state == SP_UNSYNCED)
		st->bits &= ~SP_CARRIED;
	st->position = after;
	st->positioned = 1;
	return 0;
}

/* `after`: the sequence number behind the transfer. */
static __always_inline void check_position(struct conn *c, struct scratch *s, __u32 after)
{
	struct stream *st = &c->stream[s->direction & 1];

	if (st->positioned && st->position == after - (__u32)s->io.total)
		st->position = after;
	else
		sp_find_position(c, s, after);
}
