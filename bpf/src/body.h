/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Bodies: what is counted of them, chunk by chunk where they have chunks, and their end. */
#pragma once

/* A message of this direction ended with the bytes at hand. */
static __always_inline void message_end(struct conn *c, struct scratch *s)
{
	if (s->direction == request_direction(c)) {
		struct exchange *x = current_request(c);

		if (x) {
			x->request_end = s->now;
			x->bits |= SP_REQUEST_WHOLE;
			if (x->flags & SP_READS_BODY)
				end_body(x, s, c->endpoints.id);
		}
	} else if (is_open(c)) {
		c->open.response_end = s->now;
		sp_finish(c, s, SP_END_COMPLETE);
	}
}

/* Bytes that belong to the message at hand are counted with it. */
static __always_inline void account(struct conn *c, struct scratch *s, __u64 bytes)
{
	if (is_numbered(c))
		return; /* their frames say how long they are */
	if (s->direction == request_direction(c)) {
		struct exchange *x = current_request(c);

		if (x) {
			x->request_bytes += bytes;
			x->request_end = s->now;
		}
	} else if (is_open(c)) {
		c->open.response_bytes += bytes;
		c->open.response_end = s->now;
	}
}

/* Of a chunk's size line or the trailer, in one step. */
#define SP_CHUNK_READ 8

/* Chunk size lines and the trailer, byte by byte. Bytes consumed, or a reason, negative, to give up. */
__noinline long sp_step_chunk_line(struct conn *c, struct scratch *s)
{
	struct stream *st;
	__u32 want = SP_CHUNK_READ;
	int i;

	if (!c || !s)
		return SP_STEP_STOP;
	st = &c->stream[s->direction & 1];
	if (want > s->io.left)
		want = s->io.left;
	if (bpf_probe_read_user(s->block, want & (2 * SP_CHUNK_READ - 1), (void *)s->io.at))
		return -SP_LOST_READ_FAULT;
	for (i = 0; i < SP_CHUNK_READ; i++) {
		__u8 b = s->block[i], bad = 0, digit = hex_digit(b | (b >> 1 & 0x20), &bad);

		if (i >= want)
			break;
		if (st->bits & SP_TRAILER) {
			if (b == '\n') {
				if (st->line_empty) {
					st->state = SP_START;
					st->bits = 0;
					return i + 1;
				}
				st->line_empty = 1;
			} else if (b != '\r') {
				st->line_empty = 0;
			}
			continue;
		}
		if (b == '\n') {
			if (!(st->bits & SP_HAS_LENGTH))
				goto broken; /* no digit at all */
			st->bits &= ~(SP_SIZE_DONE | SP_HAS_LENGTH);
			if (st->remaining) {
				st->remaining += 2;
				st->state = SP_CHUNK;
				return i + 1;
			}
			st->bits |= SP_TRAILER;
			st->line_empty = 1;
		} else if (!(st->bits & SP_SIZE_DONE)) {
			if (bad) {
				if (b != ';' && b != '\r' && !is_blank(b))
					goto broken;
				st->bits |= SP_SIZE_DONE;
			} else {
				if (st->remaining >> 56)
					goto broken;
				st->remaining = st->remaining << 4 | digit;
				st->bits |= SP_HAS_LENGTH;
			}
		}
	}
	return want;
broken:
	return -SP_LOST_FRAMING;
}
