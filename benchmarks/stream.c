/* The yardstick over TCP, and its load: requests back to back on one connection.
 *
 *     stream echo ADDRESS PORT REPLY_OCTETS      answers each request with a canned reply under its id; all the requests
 *                                                of a read in one write. Says "ready" and serves one connection at a time
 *     stream load ADDRESS PORT REQUESTS SEQUENCE SECONDS SEGMENTS EACH
 *                                                keeps SEGMENTS of EACH requests under way: when the replies to as many
 *                                                have come, the next segment goes. Files as generator.c has them. Prints
 *                                                one line of JSON; a reply is bad if id, order or code are wrong
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { ROOM = 1 << 20, REQUEST_ID = 8, MESSAGE_LENGTH = 16, ENVELOPE = 20, CODE = 24, FILE_MAX = 1 << 28 };

static unsigned char in[2 * ROOM], out[2 * ROOM];

static void die(const char *what)
{
    fprintf(stderr, "stream: %s%s%s\n", what, errno ? ": " : "", errno ? strerror(errno) : "");
    exit(1);
}

static unsigned u32(const unsigned char *at) { return (unsigned)at[0] << 24 | at[1] << 16 | at[2] << 8 | at[3]; }

static void put_u32(unsigned char *at, unsigned value)
{
    at[0] = value >> 24, at[1] = value >> 16, at[2] = value >> 8, at[3] = value;
}

static double seconds_now(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return now.tv_sec + now.tv_nsec / 1e9;
}

static void write_all(int fd, const unsigned char *octets, size_t count)
{
    while (count) {
        ssize_t wrote = send(fd, octets, count, MSG_NOSIGNAL);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote <= 0) return; /* the peer is gone, and will be noticed when it is read from */
        octets += wrote, count -= (size_t)wrote;
    }
}

static _Noreturn void echo(struct sockaddr_in at, unsigned reply_octets)
{
    int listening = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    setsockopt(listening, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (listening < 0 || bind(listening, (struct sockaddr *)&at, sizeof at) || listen(listening, 8)) die("no address");
    unsigned char reply[4096] = {2, 11};
    if (reply_octets < ENVELOPE + 24 || reply_octets > sizeof reply) die("REPLY_OCTETS");
    put_u32(reply + MESSAGE_LENGTH, reply_octets - ENVELOPE), put_u32(reply + 20, 1), put_u32(reply + CODE, 1);
    puts("ready"), fflush(stdout);
    for (;;) {
        int fd = accept(listening, NULL, NULL);
        size_t held = 0;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        for (ssize_t got; fd >= 0 && (got = recv(fd, in + held, ROOM, 0)) > 0;) {
            size_t from = 0, wrote = 0;
            held += (size_t)got;
            while (held - from >= ENVELOPE) {
                size_t octets = ENVELOPE + (size_t)u32(in + from + MESSAGE_LENGTH);
                if (octets > ROOM) die("too long a request");
                if (held - from < octets) break;
                if (wrote + reply_octets > sizeof out) write_all(fd, out, wrote), wrote = 0;
                memcpy(out + wrote, reply, reply_octets);
                memcpy(out + wrote + REQUEST_ID, in + from + REQUEST_ID, 4);
                from += octets, wrote += reply_octets;
            }
            write_all(fd, out, wrote);
            memmove(in, in + from, held -= from);
        }
        close(fd);
    }
}

static unsigned char *file_of(const char *name, size_t *octets)
{
    FILE *file = fopen(name, "rb");
    unsigned char *held = file ? malloc(FILE_MAX) : NULL;
    if (!held) die(name);
    *octets = fread(held, 1, FILE_MAX, file);
    fclose(file);
    return held;
}

int main(int argc, char **argv)
{
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (argc < 5) die("usage: see stream.c");
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(argv[3]))};
    if (inet_pton(AF_INET, argv[2], &at.sin_addr) != 1) die("ADDRESS");
    if (!strcmp(argv[1], "echo")) echo(at, (unsigned)atoi(argv[4]));
    if (argc != 9) die("usage: see stream.c");
    size_t request_octets, sequence_octets, count = 0, next = 0;
    unsigned char *requests = file_of(argv[4], &request_octets), *sequence = file_of(argv[5], &sequence_octets);
    size_t *places = malloc(sizeof *places * (request_octets / 4 + 1));
    for (size_t from = 0; from + 4 <= request_octets; from += 4 + u32(requests + from)) places[count++] = from;
    double seconds = atof(argv[6]);
    unsigned segments = (unsigned)atoi(argv[7]), each = (unsigned)atoi(argv[8]), id = 0, expected = 0;
    int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    if (fd < 0 || connect(fd, (struct sockaddr *)&at, sizeof at)) die("cannot connect");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct timeval patience = {2, 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    unsigned long answers = 0, bad = 0, sent = 0;
    size_t held = 0;
    double began = seconds_now(CLOCK_MONOTONIC), until = began + seconds, now = began;
    unsigned owed = 0; /* replies heard since the last segment */
    for (unsigned due = segments;;) {
        for (; due && now < until; due--) {
            size_t wrote = 0;
            for (unsigned n = 0; n < each; n++) {
                size_t place = places[u32(sequence + 4 * next) % count];
                unsigned octets = u32(requests + place);
                if (wrote + octets > sizeof out) die("a segment too long");
                memcpy(out + wrote, requests + place + 4, octets);
                put_u32(out + wrote + REQUEST_ID, ++id);
                wrote += octets, next = (next + 1) % (sequence_octets / 4);
            }
            write_all(fd, out, wrote);
            sent += each;
        }
        if (answers + bad == sent) break;
        ssize_t got = recv(fd, in + held, ROOM, 0);
        now = seconds_now(CLOCK_MONOTONIC);
        if (got <= 0) break;
        held += (size_t)got;
        size_t from = 0;
        while (held - from >= ENVELOPE) {
            size_t octets = ENVELOPE + (size_t)u32(in + from + MESSAGE_LENGTH);
            if (octets > ROOM) die("too long a reply");
            if (held - from < octets) break;
            if (octets > CODE + 4 && u32(in + from + REQUEST_ID) == ++expected && u32(in + from + CODE) == 1) answers++; else bad++;
            from += octets, owed++;
        }
        memmove(in, in + from, held -= from);
        due = owed / each, owed %= each;
    }
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    printf("{\"sent\": %lu, \"answers\": %lu, \"bad\": %lu, \"timeouts\": %lu, \"answers_per_s\": %.1f, \"waited_s\": 0}\n", sent,
           answers, bad, sent - answers - bad, answers / (now - began));
    return 0;
}
