/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Protocols of frames: messages that say in a header how long they are. Walks the frames of a transfer; what each means is the protocol's own file, in ../protocol.
 * Of a frame only its first bytes are looked at, at most SP_PEEK; the rest is skipped, or captured where it belongs to a request.
 */
#pragma once

/* Bytes of a frame that can be asked for; what is split between transfers is carried. */
#define SP_PEEK 128

/* Frames and ranges that one transfer is followed through. */
#define SP_FRAME_STEPS 65536

/* Bytes that tell how a conversation begins, or where it goes on. */
#define SP_FIRST_BYTES 32

/* Fewer bytes than that, which say nothing yet. */
#define SP_HELD_BYTES (SP_FIRST_BYTES - 1)

/* A length alone, as a reader leaves it that asks for that first. */
#define SP_LENGTH_BYTES 4

/* So many ranges of a vector may be empty before one that is not. */
#define SP_EMPTY_RANGES 4

/* So many ranges may what tells the beginning be spread over: some clients write each field of a header as one (mqtt.js). */
#define SP_FIRST_RANGES 32

struct beginning {
	struct scratch *scratch;
	__u64 all; /* bytes there are; a reader's ranges have more room, which may never have been touched */
	__u32 have; /* of these in the block */
	__u32 failed;
};

static long read_next_range(__u64 index, struct beginning *b)
{
	struct scratch *s = b->scratch;
	struct iovec_user next;
	__u32 have = b->have, more = SP_FIRST_BYTES + SP_HELD_BYTES;

	if (index >= s->io.segments || have > SP_FIRST_BYTES || have >= b->all)
		return 1;
	b->failed = 1;
	if (bpf_probe_read_user(&next, sizeof(next), (void *)(s->io.vector + index * sizeof(next))))
		return 1;
	if (more > next.length)
		more = next.length;
	if (more > b->all - have)
		more = b->all - have;
	SP_CHECKED(have);
	SP_CHECKED(more);
	if (have > SP_FIRST_BYTES || more > SP_FIRST_BYTES + SP_HELD_BYTES)
		return 1;
	SP_CHECKED(have);
	SP_CHECKED(more);
	if (bpf_probe_read_user(&s->block[have], more, (void *)next.base))
		return 1;
	b->have = have + more;
	b->failed = 0;
	return 0;
}

/* A length may be a segment of its own, or each of the first fields: what the next ones have goes behind it. */
__noinline int sp_read_more(struct scratch *s, __u32 have, __u64 all)
{
	struct beginning beginning = { .scratch = s, .all = all, .have = have };

	if (!s || s->io.kind != SP_BUFFER_VECTOR)
		return 0;
	bpf_loop(SP_FIRST_RANGES, read_next_range, &beginning, 0);
	return beginning.failed ? -1 : 0;
}

/* Whether bytes wait that nothing is known of: held here, or by HTTP/1 as the beginning of a line that may be one of its own. */
static __always_inline int is_held(const struct stream *st)
{
	return (st->bits & SP_FRAME_CARRIED) && (st->state == SP_UNSYNCED || (st->state == SP_HEAD && (st->bits & SP_TENTATIVE)));
}

/* The first bytes of the transfer into the block, zeros behind them, and before them what was held of the last one. How many bytes that makes, or -1: none can be read. */
__noinline long sp_read_first(struct conn *c, struct scratch *s)
{
	__u32 want = SP_FIRST_BYTES, held = 0;
	struct stream *st;

	if (!c || !s || s->io.kind == SP_BUFFER_OPAQUE)
		return -1;
	for (int i = 0; i < SP_EMPTY_RANGES && !s->io.left; i++)
		if (!next_segment(s))
			return -1;
	if (want > s->io.left)
		want = s->io.left;
	__builtin_memset(s->block, 0, SP_FIRST_BYTES + SP_HELD_BYTES);
	st = &c->stream[s->direction & 1];
	s->since = s->now;
	if (is_held(st)) {
		struct carry_key key = { .id = c->endpoints.id, .direction = s->direction };
		struct carry *carry = bpf_map_lookup_elem(&sp_carry, &key);

		if (carry && carry->length <= SP_HELD_BYTES) {
			held = carry->length;
			s->since = carry->since_ns;
			SP_CHECKED(held);
			if (held > SP_HELD_BYTES)
				return -1;
			SP_CHECKED(held);
			bpf_probe_read_kernel(s->block, held, carry->bytes);
		} else if (st->state == SP_HEAD) {
			return -1; /* in the middle of a line: no protocol begins here */
		} else {
			st->bits &= ~SP_FRAME_CARRIED;
		}
	}
	SP_CHECKED(want);
	SP_CHECKED(held);
	if (want > SP_FIRST_BYTES || held > SP_HELD_BYTES)
		return -1;
	SP_CHECKED(want);
	SP_CHECKED(held);
	if (bpf_probe_read_user(&s->block[held], want, (void *)s->io.at))
		return -1;
	if (want < SP_FIRST_BYTES && want < s->io.total && sp_read_more(s, held + want, held + s->io.total))
		return -1;
	return held + s->io.total;
}

/* The bytes at the front of the block wait for what comes next. Of a transfer in more ranges than are read for the beginning they are not all there. */
static __always_inline int hold(struct conn *c, struct scratch *s, __u32 bytes)
{
	if (s->io.left < s->io.total && (s->io.kind != SP_BUFFER_VECTOR || s->io.segments > SP_FIRST_RANGES))
		return 0;
	return !sp_carry_line(c, s, 0, bytes);
}

/* What was guessed is wrong, or its place is lost. */
static __always_inline void break_frames(struct conn *c, struct scratch *s, __u64 reason)
{
	if (!(c->stream[request_direction(c)].bits & SP_FRAME_CONFIRMED)) {
		count(SP_COUNT_GUESSED_WRONG);
		unsync(c);
		c->stream[0].held = c->stream[1].held = 0;
		c->endpoints.refuted = c->endpoints.protocol;
		c->endpoints.wrong++;
		c->endpoints.role = SP_ROLE_NONE;
		c->endpoints.protocol = SP_PROTOCOL_NONE;
		return;
	}
	sp_give_up(c, s, reason);
}

/*
 * So few bytes of a request, as readers leave them that ask for its length or header first, are kept where its exchange will be, while none is open there: that spares a map. Not
 * for HTTP/2, whose streams are in that place.
 */
#define SP_KEPT_BYTES 16

static __always_inline void keep_bytes(struct conn *c, struct scratch *s, struct stream *st, __u32 from, __u32 length)
{
	__u64 *kept = (__u64 *)c->open.trace_id;

	kept[0] = word_at(s, from);
	kept[1] = word_at(s, from + 8);
	c->open.head_len = length;
	c->open.request_start = s->since;
	st->bits |= SP_FRAME_CARRIED | SP_FRAME_KEPT;
}

static __always_inline int take_kept(const struct conn *c, struct scratch *s, struct stream *st)
{
	const __u64 *kept = (const __u64 *)c->open.trace_id;

	st->bits &= ~(SP_FRAME_CARRIED | SP_FRAME_KEPT);
	__builtin_memcpy(s->block, kept, SP_KEPT_BYTES);
	s->since = c->open.request_start;
	return c->open.head_len;
}

/* The block does not hold what is wanted of the frame at hand: it is filled anew. */
__noinline long sp_fill_block(struct conn *c, struct scratch *s)
{
	struct frame *f;
	struct stream *st;
	__u32 carried = 0, read;
	int taken;

	if (!c || !s)
		return -SP_LOST_FRAMING;
	f = &s->frame;
	st = &c->stream[s->direction & 1];
	if (f->gathered) {
		taken = f->gathered;
		f->gathered = 0;
	} else if (st->bits & SP_FRAME_KEPT) {
		taken = take_kept(c, s, st);
	} else {
		taken = st->bits & SP_FRAME_CARRIED ? take_carry(c, s, st) : 0;
	}
	if (taken < 0)
		return -SP_LOST_CARRY;
	carried = taken;
	read = s->io.kind == SP_BUFFER_OPAQUE ? 0 : s->io.left < SP_BLOCK ? s->io.left : SP_BLOCK;
	SP_CHECKED(carried);
	SP_CHECKED(read);
	if (carried > SP_CARRY_BYTES || read > SP_BLOCK)
		return -SP_LOST_CARRY;
	SP_CHECKED(carried);
	SP_CHECKED(read);
	if (bpf_probe_read_user(&s->block[carried], read, (void *)s->io.at))
		return -SP_LOST_READ_FAULT;
	f->from = s->io.at + read;
	f->at = 0;
	f->end = carried + read;
	f->carried = carried;
	return f->end;
}

/*
 * At least `want` bytes of the frame at hand, or as many as are in this range. How many there are, or a reason, negative. Without a call where they are there already, as they are
 * for all frames of a transfer but the first: returns are dear.
 */
static __always_inline long frame_bytes(struct conn *c, struct scratch *s, __u64 want)
{
	const struct frame *f = &s->frame;

	if (f->at < f->end && (f->end - f->at >= want || f->from >= s->io.at + s->io.left))
		return f->end - f->at;
	/* What was carried is at the front of the block already, and not enough of this range is behind it. */
	return f->carried ? f->end - f->at : sp_fill_block(c, s);
}

/* Takes `bytes` of this range; the frame at hand may be among them. */
static __always_inline void take_bytes(struct conn *c, struct scratch *s, __u64 bytes)
{
	account(c, s, bytes);
	s->io.at += bytes;
	s->io.left -= bytes;
	s->io.total -= bytes;
}

/* Of a frame that goes on in the next range of this very transfer, as a header does that is one of its own, the bytes stay where they are. */
__noinline int sp_gather(struct scratch *s)
{
	struct frame *f;
	__u32 from, have;

	if (!s)
		return -1;
	f = &s->frame;
	from = f->at;
	have = f->end - from;
	SP_CHECKED(from);
	SP_CHECKED(have);
	if (from > SP_BLOCK_END || have > SP_CARRY_BYTES)
		return -1;
	SP_CHECKED(from);
	SP_CHECKED(have);
	if (from) {
		bpf_probe_read_kernel(s->carry.bytes, have, &s->block[from]); /* the two may overlap in the block */
		bpf_probe_read_kernel(s->block, SP_CARRY_BYTES, s->carry.bytes);
	}
	f->gathered = have;
	return 0;
}

/* Of a frame that says how long it is the transfer is a part that nothing is asked of, and not its end. */
static __always_inline int is_passed(struct conn *c, struct scratch *s)
{
	struct stream *st = &c->stream[s->direction & 1];

	if (program_of(c->endpoints.protocol) != SP_PROGRAM_FRAMES || st->state != SP_LENGTH || (st->bits & SP_FRAME_CAPTURED) ||
	    s->io.total >= st->remaining)
		return 0;
	st->remaining -= s->io.total;
	account(c, s, s->io.total);
	return 1;
}

/* The frame is not here as far as it is wanted: what there is waits for the next range. */
static __always_inline int carry_frame(struct conn *c, struct scratch *s)
{
	struct frame *f = &s->frame;
	__u32 have = f->end - f->at;

	s->since = s->now;
	if (s->io.kind == SP_BUFFER_VECTOR && s->io.segments && s->io.total > s->io.left) {
		if (sp_gather(s))
			return -SP_LOST_CARRY;
	} else if (have <= SP_KEPT_BYTES && !is_open(c) && s->direction == request_direction(c) && c->endpoints.protocol != SP_PROTOCOL_HTTP2) {
		keep_bytes(c, s, &c->stream[s->direction & 1], f->at, have);
	} else if (sp_carry_line(c, s, f->at, have)) {
		return -SP_LOST_CARRY;
	}
	f->at = f->end = f->carried = 0;
	take_bytes(c, s, s->io.left);
	return 0;
}

/* The rest of a frame that does not fit what the block held of it. 0, or a reason, negative. */
static __always_inline int frame_rest(struct conn *c, struct scratch *s, struct stream *st)
{
	__u64 used = s->io.left < st->remaining ? s->io.left : st->remaining;

	if (st->bits & SP_FRAME_CAPTURED) {
		struct exchange *x = is_numbered(c) ? request_numbered(c, st->batches) : current_request(c);
		__u32 read = used < SP_BLOCK ? used : SP_BLOCK;

		if (!x || x->head_len >= x->capture || s->io.kind == SP_BUFFER_OPAQUE) {
			st->bits &= ~SP_FRAME_CAPTURED;
		} else {
			SP_CHECKED(read);
			if (read > SP_BLOCK)
				return -SP_LOST_READ_FAULT;
			SP_CHECKED(read);
			if (bpf_probe_read_user(s->block, read, (void *)s->io.at))
				return -SP_LOST_READ_FAULT;
			sp_capture(x, s, c->endpoints.id, 0, read);
			used = read;
		}
	}
	st->remaining -= used;
	take_bytes(c, s, used);
	if (!st->remaining) {
		st->state = SP_START;
		st->bits &= ~SP_FRAME_CAPTURED;
	}
	return 0;
}

/* The frame was looked at: on to what follows it. */
static __always_inline void pass_frame(struct conn *c, struct scratch *s, struct stream *st)
{
	struct frame *f = &s->frame;
	__u64 have = f->end - f->at, used = f->length < have ? f->length : have, fresh;

	if (st->state == SP_OPAQUE)
		return; /* it was the last that can be read */
	st->remaining = f->length - used;
	st->state = st->remaining ? SP_LENGTH : SP_START;
	if (!st->remaining)
		st->bits &= ~SP_FRAME_CAPTURED;
	f->at += used;
	/* A frame may be shorter than a header is, and what was carried for one hold more than it. */
	fresh = used > f->carried ? used - f->carried : 0;
	f->carried -= used - fresh;
	take_bytes(c, s, fresh);
	s->since = s->now;
	if (st->remaining)
		f->at = f->end = 0;
}

/* Of the backend: what the hook found, for the program that it went on to. */
static __always_inline struct trace_config *config_at_hand(void);
static __always_inline struct conn *conn_at_hand(__u64 *ctx, struct scratch *s);

#if defined(SP_TLS)
#define SP_IO_HOOK "uprobe"
static __always_inline struct scratch *scratch_at_hand(__u64 *ctx);
static __always_inline void release_scratch(struct scratch *s);
#elif defined(SP_BACKEND_SOCKLEN)
#define SP_IO_HOOK "tp_btf/sock_send_length" /* its arguments are those of sock_recv_length */
#else
#define SP_IO_HOOK "tp_btf/sys_exit"
#endif

#if defined(SP_BACKEND_SOCKLEN) && !defined(SP_TLS)
/* The arguments lie on the stack of who calls the hook, so their place says which run of it this is, and is free to ask for. */
static __always_inline void leave_to(struct scratch *s, void *ctx)
{
	s->caller = (__u64)(long)ctx;
}

static __always_inline int was_left_to(struct scratch *s, void *ctx)
{
	if (!s || s->caller != (__u64)(long)ctx)
		return 0;
	s->caller = 0;
	return 1;
}

/* That of the hook which went on to this program. */
static __always_inline struct scratch *scratch_at_hand(__u64 *ctx)
{
	struct scratch *s = scratch_of(SP_CONTEXT_SEND);

	if (was_left_to(s, ctx))
		return s;
	s = scratch_of(SP_CONTEXT_IO);
	return was_left_to(s, ctx) ? s : 0;
}
#elif !defined(SP_TLS)
static __always_inline struct scratch *scratch_at_hand(__u64 *ctx)
{
	return scratch_of(SP_CONTEXT_IO);
}
#endif

#ifndef SP_TLS
static __always_inline void release_scratch(struct scratch *s)
{
}
#endif
