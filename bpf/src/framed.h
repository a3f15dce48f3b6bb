/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The program of all protocols of frames: walks the frames of one transfer, and asks the protocol's file what each means. One for all, so that what they have in
 * common is verified once. Of a protocol's file it needs
 * NAME_header_bytes(st): how many bytes of a frame say how long it is.
 * sp_NAME_header(c, s): the header is at block[frame.at]; sets frame.length and frame.type; how many bytes of the frame it wants to see, negative if it is none. Asked again when more is there.
 * sp_NAME_frame(c, s, config): that many are there, or the whole frame. 0, or a reason, negative.
 */
#pragma once

static __always_inline long header_bytes(__u32 protocol, const struct stream *st)
{
	switch (protocol) {
#define SP_HEADER_BYTES(name, file) \
	case SP_PROTOCOL_##name:    \
		return file##_header_bytes(st);
		SP_EACH_FRAMED(SP_HEADER_BYTES)
#undef SP_HEADER_BYTES
	}
	return 1;
}

static __always_inline long header_of(__u32 protocol, struct conn *c, struct scratch *s)
{
	switch (protocol) {
#define SP_HEADER(name, file)    \
	case SP_PROTOCOL_##name: \
		return sp_##file##_header(c, s);
		SP_EACH_FRAMED(SP_HEADER)
#undef SP_HEADER
	}
	return -1;
}

static __always_inline long frame_of(__u32 protocol, struct conn *c, struct scratch *s, const struct trace_config *config)
{
	switch (protocol) {
#define SP_FRAME(name, file)     \
	case SP_PROTOCOL_##name: \
		return sp_##file##_frame(c, s, config);
		SP_EACH_FRAMED(SP_FRAME)
#undef SP_FRAME
	}
	return -SP_LOST_FRAMING;
}

static __always_inline int looks_like(__u32 protocol, const struct scratch *s, __u64 bytes)
{
	switch (protocol) {
#define SP_LOOKS(name, file)     \
	case SP_PROTOCOL_##name: \
		return sp_looks_like_##file(s, bytes);
		SP_EACH_FRAMED(SP_LOOKS)
#undef SP_LOOKS
	}
	return 0;
}

/*
 * The header of the frame at hand, and what the block has to hold of it. How many bytes it does hold, or a reason, negative; in `want` how many there should be. 0: it
 * was read anew, and may be longer than it seemed, or whole that was cut.
 */
static __always_inline long look_at_header(struct conn *c, struct scratch *s, const struct stream *st)
{
	__u32 protocol = c->endpoints.protocol;
	struct frame *f = &s->frame;
	long have, want;

	f->header = header_bytes(protocol, st);
	have = frame_bytes(c, s, f->header);
	if (have < (long)f->header) {
		f->want = f->header;
		return have;
	}
	want = header_of(protocol, c, s);
	if (want < 0)
		return -SP_LOST_FRAMING;
	f->want = want;
	if (have >= want || have >= f->length)
		return have;
	have = frame_bytes(c, s, want);
	return have < want ? have : 0;
}

/* One step of the transfer. 0: go on; 1: done. */
static long frame_step(__u64 index, struct walk *w)
{
	struct conn *c = w->conn;
	struct scratch *s = w->scratch;
	struct stream *st = &c->stream[s->direction & 1];
	struct frame *f = &s->frame;
	long have, lost;

	if (!s->io.total || st->state == SP_OPAQUE || c->endpoints.protocol == SP_PROTOCOL_NONE)
		return 1;
	if (!s->io.left) {
		f->at = f->end = 0;
		return !next_segment(s);
	}
	if (st->state == SP_LENGTH) {
		lost = frame_rest(c, s, st);
	} else if (s->io.kind == SP_BUFFER_OPAQUE && !(st->bits & SP_FRAME_CARRIED)) {
		/* Nothing was carried that may be enough, where the rest comes from a file. */
		lost = -SP_LOST_SYSCALL;
	} else {
		have = look_at_header(c, s, st);
		if (!have)
			return 0;
		if (have < 0)
			lost = have;
		else if (have < f->header && s->io.kind == SP_BUFFER_OPAQUE)
			lost = -SP_LOST_SYSCALL;
		else if (have < f->want && (have < f->header || have < f->length) && s->io.kind != SP_BUFFER_OPAQUE)
			lost = carry_frame(c, s);
		else {
			lost = frame_of(c->endpoints.protocol, c, s, w->config);
			if (!lost)
				pass_frame(c, s, st);
		}
	}
	if (!lost && is_numbered(c) && st->state == SP_START)
		lost = sp_number_passed(c, s);
	if (lost)
		break_frames(c, s, -lost);
	return lost || !s->io.total;
}

/* The place in the stream was lost: it is found again where a request begins with a transfer, and by that the answers' place. 0: not here. */
static __always_inline int is_in_step(struct conn *c, struct scratch *s)
{
	struct stream *st = &c->stream[s->direction & 1];
	long bytes;
	int how;

	if (st->state != SP_UNSYNCED)
		return 1;
	if (s->direction == request_direction(c)) {
		bytes = sp_read_first(c, s);
		how = bytes < 0 ? 0 : looks_like(c->endpoints.protocol, s, bytes);
		if (!how || (how & SP_GUESS_ANSWER)) {
			st->bits &= ~SP_FRAME_CARRIED;
			if (bytes > 0 && bytes <= SP_LENGTH_BYTES && !byte_at(s, 0))
				hold(c, s, bytes);
			return 0;
		}
		st->bits |= how & SP_FRAME_STARTUP;
	} else if (c->stream[!s->direction].state == SP_UNSYNCED) {
		return 0;
	}
	st->state = SP_START;
	st->within = 0;
	return 1;
}

static __always_inline void follow_frames(struct walk *walk)
{
	struct scratch *s = walk->scratch;
	struct conn *c = walk->conn;

	s->since = s->now;
	s->frame.at = s->frame.end = s->frame.carried = s->frame.gathered = 0;
	s->half = 0;
	if (!is_in_step(c, s))
		return;
	bpf_loop(SP_FRAME_STEPS, frame_step, walk, 0);
	if (s->io.total && c->stream[s->direction & 1].state > SP_UNSYNCED && c->stream[s->direction & 1].state != SP_OPAQUE)
		break_frames(c, s, SP_LOST_STEPS);
	if (!s->half)
		return;
	if (c->stream[s->direction & 1].state == SP_UNSYNCED)
		count(SP_LOST_PIPELINE);
	else
		sp_put_half(c, s);
}

/*
 * Called at the end of the hook that took the transfer, with its place in the scratch memory and the connection taken. A program of its own is verified for
 * itself, and has the whole stack.
 */
SEC(SP_IO_HOOK)
int sp_protocol_frames(__u64 *ctx)
{
	struct walk walk = { .config = config_at_hand() };

	walk.scratch = scratch_at_hand(ctx);
	if (!walk.scratch) {
		SP_STAY_ON_STACK(ctx, &sp_protocols);
		return 0;
	}
	walk.conn = conn_at_hand(ctx, walk.scratch);
	if (!walk.conn)
		return 0;
	if (walk.config)
		follow_frames(&walk);
	if (walk.conn->endpoints.closing && is_open(walk.conn))
		sp_defer_close(walk.conn, walk.scratch);
	release_conn(walk.conn);
	release_scratch(walk.scratch);
	return 0;
}
