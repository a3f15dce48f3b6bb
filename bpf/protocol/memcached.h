/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Memcached's text protocol with its meta commands. A frame is a line, and the data block that it announces. What is not to be answered, or only if it hits, is an
 * exchange of its own that is over with its line; what comes for it all the same is told from the answer that is waited for.
 */
#pragma once

#include "line.h"

#define SP_MEMCACHED_LONGEST (1U << 30)
#define SP_MEMCACHED_NAME 10 /* of verbosity, and what ends it */

/* enum in Memcached.java. */
enum sp_memcached_command {
	SP_MEMCACHED_OTHER = 0,
	SP_MEMCACHED_GET,
	SP_MEMCACHED_GETS,
	SP_MEMCACHED_GAT,
	SP_MEMCACHED_GATS,
	SP_MEMCACHED_SET,
	SP_MEMCACHED_ADD,
	SP_MEMCACHED_REPLACE,
	SP_MEMCACHED_APPEND,
	SP_MEMCACHED_PREPEND,
	SP_MEMCACHED_CAS,
	SP_MEMCACHED_DELETE,
	SP_MEMCACHED_INCR,
	SP_MEMCACHED_DECR,
	SP_MEMCACHED_TOUCH,
	SP_MEMCACHED_STATS,
	SP_MEMCACHED_FLUSH_ALL,
	SP_MEMCACHED_VERSION,
	SP_MEMCACHED_VERBOSITY,
	SP_MEMCACHED_MG, /* from here on: meta commands */
	SP_MEMCACHED_MS,
	SP_MEMCACHED_MD,
	SP_MEMCACHED_MA,
	SP_MEMCACHED_ME,
	SP_MEMCACHED_MN,
	SP_MEMCACHED_QUIT, /* never answered */
	SP_MEMCACHED_WATCH, /* what follows has no requests */
};

enum sp_memcached_status { SP_MEMCACHED_ERROR = 1, SP_MEMCACHED_CLIENT_ERROR, SP_MEMCACHED_SERVER_ERROR };

/* Frames that are no lines of a request or an answer. */
enum sp_memcached_type { SP_MEMCACHED_LINE = 0, SP_MEMCACHED_CUT, SP_MEMCACHED_PART };

/* The command at `at`. Not inlined, for its frame. */
__noinline __u32 sp_memcached_command(const struct scratch *s, __u32 at)
{
	__u64 word;

	if (!s)
		return 0;
	word = word_at(s, at);
#define SP_COMMAND(text, number)                                  \
	if (first_bytes(word, sizeof(text) - 1) == SP_WORD(text)) \
		return SP_MEMCACHED_##number;
	SP_COMMAND("get ", GET)
	SP_COMMAND("gets ", GETS)
	SP_COMMAND("gat ", GAT)
	SP_COMMAND("gats ", GATS)
	SP_COMMAND("set ", SET)
	SP_COMMAND("add ", ADD)
	SP_COMMAND("replace ", REPLACE)
	SP_COMMAND("append ", APPEND)
	SP_COMMAND("prepend ", PREPEND)
	SP_COMMAND("cas ", CAS)
	SP_COMMAND("delete ", DELETE)
	SP_COMMAND("incr ", INCR)
	SP_COMMAND("decr ", DECR)
	SP_COMMAND("touch ", TOUCH)
	SP_COMMAND("stats", STATS)
	SP_COMMAND("flush_al", FLUSH_ALL)
	SP_COMMAND("version\r", VERSION)
	SP_COMMAND("verbosit", VERBOSITY)
	SP_COMMAND("mg ", MG)
	SP_COMMAND("ms ", MS)
	SP_COMMAND("md ", MD)
	SP_COMMAND("ma ", MA)
	SP_COMMAND("me ", ME)
	SP_COMMAND("mn\r", MN)
	SP_COMMAND("quit\r", QUIT)
	SP_COMMAND("watch", WATCH)
	SP_COMMAND("lru_craw", WATCH)
#undef SP_COMMAND
	return SP_MEMCACHED_OTHER;
}

static __always_inline int looks_like_memcached(const struct scratch *s, __u64 total)
{
	__u32 command = sp_memcached_command(s, 0);

	return command && command < SP_MEMCACHED_QUIT && is_text(s, 5, total) ? SP_GUESS_WEAK : 0;
}

static __always_inline long memcached_header_bytes(const struct stream *st)
{
	return 4;
}

/* Which word of the line says how long the data block behind it is; 0: there is none. */
static __always_inline __u32 memcached_length_word(const struct scratch *s, __u32 at, int asks)
{
	__u32 word = word_at(s, at), command;

	if (!asks)
		return word == (__u32)SP_WORD("VALU") ? 3 : (word & 0xffffff) == SP_WORD("VA ") ? 1 : 0;
	command = sp_memcached_command(s, at);
	return command >= SP_MEMCACHED_SET && command <= SP_MEMCACHED_CAS ? 4 : command == SP_MEMCACHED_MS ? 2 : 0;
}

__noinline long sp_memcached_header(struct conn *c, struct scratch *s)
{
	struct frame *f;
	struct stream *st;
	__u32 behind, have, word;
	long data;
	int asks;

	if (!c || !s)
		return -1;
	f = &s->frame;
	st = &c->stream[s->direction & 1];
	asks = s->direction == request_direction(c);
	have = f->end - f->at;
	behind = sp_behind_line_feed(s, f->at, f->end);
	f->type = st->bits & SP_FRAME_CONTINUED ? SP_MEMCACHED_PART : SP_MEMCACHED_LINE;
	if (!behind) {
		if (have <= SP_LINE_CARRIED) {
			f->type = SP_MEMCACHED_CUT;
			f->length = have + 1;
			return have + 1;
		}
		/* Many keys make a long line; what stores has one. */
		if (f->type == SP_MEMCACHED_LINE && memcached_length_word(s, f->at, asks))
			return -1;
		f->length = SP_LINE_CARRIED;
		st->bits |= SP_FRAME_CONTINUED;
		return f->length;
	}
	f->length = behind - f->at;
	if (f->type == SP_MEMCACHED_PART)
		return f->length;
	word = memcached_length_word(s, f->at, asks);
	if (!word)
		return f->length;
	data = sp_read_words(s, f->at, word);
	if (data < 0)
		return asks ? (long)f->length : -1;
	if (data > SP_MEMCACHED_LONGEST)
		return -1;
	behind -= f->at;
	f->length += data + 2;
	return behind;
}

static __always_inline int is_meta(__u32 command)
{
	return command >= SP_MEMCACHED_MG && command <= SP_MEMCACHED_MN;
}

/* Whether it is not answered, or only if it says something: its end is then the answer of the next MN. */
static __always_inline int is_unanswered(struct scratch *s, struct stream *st, __u32 command, __u32 behind)
{
	if (!is_meta(command))
		return word_at(s, behind - 10) == SP_WORD(" noreply");
	if (command == SP_MEMCACHED_MN)
		st->bits &= ~SP_FRAME_BUILDING;
	else if (sp_read_words(s, s->frame.at, 0) && (s->words.flags & letter_bit('q')))
		st->bits |= SP_FRAME_BUILDING;
	return st->bits & SP_FRAME_BUILDING;
}

static __always_inline int memcached_asks(struct conn *c, struct scratch *s, struct stream *st, const struct trace_config *config)
{
	struct frame *f = &s->frame;
	__u32 command, behind;
	struct exchange *x;

	if (f->type == SP_MEMCACHED_PART)
		return 0;
	command = sp_memcached_command(s, f->at);
	if (command == SP_MEMCACHED_QUIT)
		return 0;
	if (command == SP_MEMCACHED_WATCH) {
		c->stream[SP_INGRESS].state = SP_OPAQUE;
		c->stream[SP_EGRESS].state = SP_OPAQUE;
		return 0;
	}
	behind = sp_behind_line_feed(s, f->at, f->end);
	if (!behind)
		behind = f->at + f->length;
	x = begin_frames(c, s, config, is_unanswered(s, st, command, behind) ? SP_UNANSWERED : 0);
	if (!x)
		return 0;
	x->method = command;
	if (may_be_kept(x)) {
		/* Its name, of which the longest are these. */
		x->capture = SP_MEMCACHED_NAME;
		sp_capture(x, s, c->endpoints.id, f->at, behind < f->at + SP_MEMCACHED_NAME ? behind : f->at + SP_MEMCACHED_NAME);
	}
	return sp_pass_unanswered(c, s);
}

/* HD, VA, EN and the like, but not OK. */
static __always_inline int is_meta_answer(__u64 word)
{
	__u8 second = word >> 8, third = word >> 16;

	return second >= 'A' && second <= 'Z' && (third == ' ' || third == '\r') && (__u16)word != (__u16)SP_WORD("OK");
}

static __always_inline __u32 memcached_error(__u64 word)
{
	return first_bytes(word, 6) == SP_WORD("ERROR\r") ? SP_MEMCACHED_ERROR
	       : word == SP_WORD("CLIENT_E")		  ? SP_MEMCACHED_CLIENT_ERROR
	       : word == SP_WORD("SERVER_E")		  ? SP_MEMCACHED_SERVER_ERROR
							  : 0;
}

/* Whether an answer of one line begins so that is no error. Not inlined, for its frame. */
__noinline int sp_memcached_is_answer(const struct scratch *s, __u32 at, __u32 command)
{
	__u64 word;

	if (!s)
		return 0;
	word = word_at(s, at);
	if (command >= SP_MEMCACHED_GET && command <= SP_MEMCACHED_GATS)
		return first_bytes(word, 6) == SP_WORD("VALUE ") || first_bytes(word, 5) == SP_WORD("END\r\n");
	if (command == SP_MEMCACHED_INCR || command == SP_MEMCACHED_DECR)
		return word == SP_WORD("NOT_FOUN") || sp_number(s, at) >= 0;
#define SP_ANSWER(text)                                           \
	if (first_bytes(word, sizeof(text) - 1) == SP_WORD(text)) \
		return 1;
	SP_ANSWER("END\r\n")
	SP_ANSWER("STORED\r\n")
	SP_ANSWER("NOT_STOR")
	SP_ANSWER("NOT_FOUN")
	SP_ANSWER("EXISTS\r\n")
	SP_ANSWER("DELETED\r")
	SP_ANSWER("TOUCHED\r")
	SP_ANSWER("OK\r\n")
	SP_ANSWER("VERSION ")
	SP_ANSWER("STAT ")
	SP_ANSWER("RESET\r\n")
#undef SP_ANSWER
	return 0;
}

static __always_inline int memcached_answers(struct conn *c, struct scratch *s)
{
	__u64 word = word_at(s, s->frame.at);
	__u32 error = memcached_error(word);
	int meta = is_meta_answer(word);

	if (s->frame.type == SP_MEMCACHED_PART || !is_open(c))
		return 0;
	if (!error && meta && (c->open.method == SP_MEMCACHED_MN) != ((__u16)word == (__u16)SP_WORD("MN")))
		return 0; /* of a quiet one before it */
	if (!error && meta != is_meta(c->open.method))
		return meta ? 0 : -SP_LOST_FRAMING;
	if (!error && !meta && !sp_memcached_is_answer(s, s->frame.at, c->open.method))
		return -SP_LOST_FRAMING;
	/* So do others say that they do not understand. */
	if (error == SP_MEMCACHED_ERROR && !(c->stream[request_direction(c)].bits & SP_FRAME_CONFIRMED))
		return -SP_LOST_FRAMING;
	if (!c->open.response_start)
		c->open.response_start = s->now;
	c->open.status = error;
	if (first_bytes(word, 6) == SP_WORD("VALUE ")) {
		c->open.rows++;
		return 0;
	}
	if (first_bytes(word, 5) == SP_WORD("STAT "))
		return 0;
	if (first_bytes(word, 3) == SP_WORD("VA "))
		c->open.rows = 1;
	finish_frames(c, s);
	return sp_pass_unanswered(c, s);
}

__noinline int sp_memcached_frame(struct conn *c, struct scratch *s, const struct trace_config *config)
{
	struct stream *st;
	__u8 continued;
	int lost;

	if (!c || !s || !config)
		return -SP_LOST_FRAMING;
	st = &c->stream[s->direction & 1];
	if (s->frame.type == SP_MEMCACHED_CUT)
		return -SP_LOST_SYSCALL; /* its rest comes from a file */
	continued = s->frame.type == SP_MEMCACHED_PART;
	lost = s->direction == request_direction(c) ? memcached_asks(c, s, st, config) : memcached_answers(c, s);
	if (continued && byte_at(s, s->frame.at + s->frame.length - 1) == '\n')
		st->bits &= ~SP_FRAME_CONTINUED;
	return lost;
}
