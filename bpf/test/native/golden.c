// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Included behind talk.c: the agent's golden exchanges, as ExchangeBytes.java reads them. */
#include <string.h>

enum { MOST = 4096 };

static struct {
	char name[32];
	__u8 bytes[MOST];
	__u32 length;
	int outwards;
} golden;

#define SP_NAME(name, file) [SP_PROTOCOL_##name] = #name,
static const char *const names[32] = { SP_EACH_PROTOCOL(SP_NAME) };

static __u8 nibble(char c)
{
	return c <= '9' ? c - '0' : (c | 32) - 'a' + 10;
}

static void put(__u8 byte)
{
	if (golden.length < MOST)
		golden.bytes[golden.length++] = byte;
}

static void read_golden_line(const char *line, size_t length)
{
	size_t begin = golden.length, i = 0;
	int frame = !strcmp(golden.name, "POSTGRESQL") && line[0] != '#';

	if (line[0] == '#') {
		for (i = 2; i + 1 < length; i += 2)
			put(nibble(line[i]) << 4 | nibble(line[i + 1]));
		return;
	}
	if (frame) {
		put(line[0]);
		for (int n = 0; n < 4; n++)
			put(0);
		i = 2;
	}
	for (; i < length; i++) {
		if (line[i] == '\\' && line[i + 1] == 'x') {
			put(nibble(line[i + 2]) << 4 | nibble(line[i + 3]));
			i += 3;
		} else if (line[i] == '\\' && line[i + 1] == '0') {
			put(0);
			i++;
		} else {
			put(line[i]);
		}
	}
	if (frame) {
		__u32 size = golden.length - begin - 1;

		golden.bytes[begin + 3] = size >> 8;
		golden.bytes[begin + 4] = size;
	}
}

static void read_golden(const char *path)
{
	FILE *file = fopen(path, "r");
	char line[8192];
	int head = 0;

	EXPECT(file);
	memset(&golden, 0, sizeof(golden));
	while (fgets(line, sizeof(line), file)) {
		size_t length = strcspn(line, "\n");

		line[length] = 0;
		if (head) {
			if (length)
				read_golden_line(line, length);
		} else if (!length) {
			head = 1;
		} else if (!strncmp(line, "role: CLIENT", 12)) {
			golden.outwards = 1;
		} else {
			sscanf(line, "protocol: %31s", golden.name);
		}
	}
	fclose(file);
}

/* enum sp_protocol; 0: none of frames. */
static __u32 golden_protocol(void)
{
	for (__u32 i = 0; i < 32; i++)
		if (names[i] && !strcmp(names[i], golden.name))
			return i;
	return 0;
}
