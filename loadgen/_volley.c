/* The load generator's compiled half: what is due leaves, usual answers are noted, and Python sleeps meanwhile. Optional:
   loadgen/volley.py says when it is used, and engine.py does all of it, and everything else, without.

   put   a request as octets, and the picture of its usual answer: octets, a mask, and numbers within limits
   go    until a moment:  send a volley    requests that are due, in a row to one target, of one length: one system call
                          hear             datagrams by the batch; those that their pictures show are noted here
         and back before it with whatever is out of the ordinary: Python decides about that

   Times and verdicts go into Python's own arrays, held as buffers. Nothing that a peer sent is used as a place before it
   was held against a bound. The global interpreter lock is released meanwhile. */

#define _GNU_SOURCE /* recvmmsg, ppoll */
#define PY_SSIZE_T_CLEAN

#include <Python.h>

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103 /* Linux 4.18 */
#endif

enum { BATCH = 64, REQUEST_MIN = 20, REQUEST_MAX = 1000, DATAGRAM_MAX = 65536, EVENTS_MAX = 64, HEARD_MAX = 16384 };
enum { REQUEST_ID_AT = 8, LENGTH_AT = 16, ENVELOPE_OCTETS = 20, SUCCESS = 1, RIGHT = 1, ENTRIES_MAX = 1 << 24 };

/* The columns, and the octets of an element. */
enum { DUE, SENT, RECEIVED, OCTETS, CODE, VERDICT, WHICH, CHOICE, COLUMNS };
static const Py_ssize_t ELEMENT[COLUMNS] = {8, 8, 8, 4, 2, 1, 4, 2};

typedef struct { uint32_t at, low, high; } Limit;

typedef struct { /* the limits, the request, the answer and its mask, each filled up to words, lie in one block */
    Limit *limits;
    uint8_t *request, *answer, *mask;
    uint32_t limit_count, request_octets, answer_octets; /* 0: no answer is usual */
} Entry;

typedef struct {
    PyObject_HEAD
    Py_buffer columns[COLUMNS], links;
    Py_ssize_t count, slots, entry_count, entry_room; /* of first requests; of all; of entries */
    Entry *entries;
    uint32_t first_id;
    int epoll, per_target, target_count, segments, busy;
    unsigned turn;
    int heard_count, odd_count, odd_fd;
    int64_t odd_ns;
    uint32_t heard[HEARD_MAX];
    uint8_t odd[BATCH];
    struct mmsghdr in[BATCH];
    struct iovec vectors[BATCH];
    uint8_t *in_octets, out[BATCH * REQUEST_MAX];
} Volley;

static int64_t clock_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static uint32_t number_at(const uint8_t *octets) {
    return (uint32_t)octets[0] << 24 | (uint32_t)octets[1] << 16 | (uint32_t)octets[2] << 8 | octets[3];
}

static const Entry *entry_of(const Volley *made, Py_ssize_t slot) {
    int32_t which = ((const int32_t *)made->columns[WHICH].buf)[slot];
    return which >= 0 && which < made->entry_count ? &made->entries[which] : NULL;
}

/* Send what is due from `number` on, before `end`. How many left; 0: `error` says why not, or this request is Python's. */
static int fire(Volley *made, Py_ssize_t number, Py_ssize_t end, int64_t now_ns, int *error) {
    const int64_t *due = made->columns[DUE].buf;
    const uint16_t *choice = made->columns[CHOICE].buf;
    const Entry *entry = entry_of(made, number);
    if (!entry || choice[number] >= made->target_count) return 0;
    int link = choice[number] * made->per_target + (int)(made->turn++ % (unsigned)made->per_target), count = 0;
    size_t octets = entry->request_octets;
    do {
        uint8_t *request = made->out + (size_t)count * octets;
        uint32_t id = htonl(made->first_id + (uint32_t)(number + count));
        memcpy(request, entry->request, octets);
        memcpy(request + REQUEST_ID_AT, &id, sizeof id);
        Py_ssize_t next = number + ++count;
        if (!made->segments || count == BATCH || next == end || due[next] > now_ns) break;
        entry = choice[next] == choice[number] ? entry_of(made, next) : NULL;
    } while (entry && entry->request_octets == octets);

    struct iovec vector = {made->out, (size_t)count * octets};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1};
    union { struct cmsghdr header; uint8_t octets[CMSG_SPACE(sizeof(uint16_t))]; } control = {{0}};
    if (count > 1) { /* the kernel cuts it up again */
        uint16_t size = (uint16_t)octets;
        message.msg_control = &control, message.msg_controllen = sizeof control;
        control.header.cmsg_level = IPPROTO_UDP, control.header.cmsg_type = UDP_SEGMENT;
        control.header.cmsg_len = CMSG_LEN(sizeof size);
        memcpy(CMSG_DATA(&control.header), &size, sizeof size);
    }
    while (sendmsg(((const int *)made->links.buf)[link], &message, MSG_DONTWAIT) < 0) {
        if (errno == EINTR) continue;
        *error = errno;
        if (count == 1 || (errno != EIO && errno != EINVAL && errno != EMSGSIZE)) return 0;
        made->segments = *error = 0; /* not on this way: one by one from now on */
        return fire(made, number, end, now_ns, error);
    }
    for (int at = 0; at < count; at++) ((int64_t *)made->columns[SENT].buf)[number + at] = now_ns;
    return count;
}

/* Note an answer if it is one that was waited for, and what its picture shows. */
static int note(Volley *made, const uint8_t *packet, size_t octets, int64_t now_ns) {
    int64_t *received = made->columns[RECEIVED].buf;
    const int64_t *sent = made->columns[SENT].buf;
    if (octets < ENVELOPE_OCTETS || number_at(packet + LENGTH_AT) != octets - ENVELOPE_OCTETS) return 0;
    uint32_t slot = number_at(packet + REQUEST_ID_AT) - made->first_id;
    if (slot >= (size_t)made->slots || sent[slot] < 0 || received[slot] >= 0) return 0;
    const Entry *entry = entry_of(made, slot);
    if (!entry || entry->answer_octets != octets) return 0;
    uint64_t differs = 0;
    for (size_t at = 0; at < octets; at += 8) { /* buffers end with a word, and beyond the octets the mask is empty */
        uint64_t here, there, mask;
        memcpy(&here, packet + at, 8), memcpy(&there, entry->answer + at, 8), memcpy(&mask, entry->mask + at, 8);
        differs |= (here ^ there) & mask;
    }
    if (differs) return 0;
    for (uint32_t at = 0; at < entry->limit_count; at++) {
        uint32_t number = number_at(packet + entry->limits[at].at);
        if (number < entry->limits[at].low || number > entry->limits[at].high) return 0;
    }
    received[slot] = now_ns;
    ((uint32_t *)made->columns[OCTETS].buf)[slot] = (uint32_t)octets;
    ((uint16_t *)made->columns[CODE].buf)[slot] = SUCCESS;
    ((uint8_t *)made->columns[VERDICT].buf)[slot] = RIGHT;
    made->heard[made->heard_count++] = slot; /* there is room: see `go` */
    return 1;
}

/* Take in what has come, waiting so long for the first. What Python is to see ends it: the buffers hold it. */
static void hear(Volley *made, int64_t start_ns, int64_t wait_ns, int *error) {
    struct epoll_event events[EVENTS_MAX];
    if (wait_ns > 0) { /* epoll's own naps are whole milliseconds */
        struct pollfd poll = {made->epoll, POLLIN, 0};
        struct timespec nap = {wait_ns / 1000000000, wait_ns % 1000000000};
        if (ppoll(&poll, 1, &nap, NULL) <= 0) return;
    }
    int ready = epoll_wait(made->epoll, events, EVENTS_MAX, 0);
    for (int event = 0; event < ready && !made->odd_count && !*error; event++) {
        if (made->heard_count > HEARD_MAX - BATCH) return;
        int fd = events[event].data.fd, count = recvmmsg(fd, made->in, BATCH, MSG_DONTWAIT, NULL);
        if (count < 0 && errno != EAGAIN && errno != EINTR) *error = errno;
        int64_t now_ns = clock_ns() - start_ns;
        for (int at = 0; at < count; at++)
            if (!note(made, made->in_octets + (size_t)at * DATAGRAM_MAX, made->in[at].msg_len, now_ns))
                made->odd[made->odd_count++] = (uint8_t)at, made->odd_fd = fd, made->odd_ns = now_ns;
    }
}

static PyObject *volley_go(PyObject *self, PyObject *args) {
    Volley *made = (Volley *)self;
    Py_ssize_t number, end;
    long long start_ns, until_ns, spin_ns;
    if (!PyArg_ParseTuple(args, "nnLLL", &number, &end, &start_ns, &until_ns, &spin_ns)) return NULL;
    if (number < 0 || number > end || end > made->count || made->busy || !made->in_octets)
        return PyErr_Format(PyExc_ValueError, "cannot go on from request %zd", number);
    int error = 0;
    made->busy = 1, made->heard_count = made->odd_count = 0;
    Py_BEGIN_ALLOW_THREADS
    const int64_t *due = made->columns[DUE].buf;
    int64_t now_ns;
    while ((now_ns = clock_ns() - start_ns) < until_ns) {
        int64_t next_ns = number < end && due[number] < until_ns ? due[number] : until_ns;
        if (next_ns <= now_ns) {
            int left = fire(made, number, end, now_ns, &error);
            if (!left) break;
            number += left, next_ns = now_ns;
        }
        hear(made, start_ns, next_ns - now_ns - spin_ns, &error);
        int done = number == end && made->heard_count;
        if (made->odd_count || error || done || made->heard_count > HEARD_MAX - BATCH) break;
    }
    Py_END_ALLOW_THREADS
    made->busy = 0;
    PyObject *odd = PyList_New(made->odd_count);
    for (int at = 0; odd && at < made->odd_count; at++) {
        const uint8_t *packet = made->in_octets + (size_t)made->odd[at] * DATAGRAM_MAX;
        PyObject *octets = PyBytes_FromStringAndSize((const char *)packet, made->in[made->odd[at]].msg_len);
        if (octets) PyList_SetItem(odd, at, octets); else Py_CLEAR(odd);
    }
    if (!odd) return NULL;
    return Py_BuildValue("(niy#iLN)", number, error, made->heard, (Py_ssize_t)made->heard_count * 4, made->odd_fd,
                         (long long)made->odd_ns, odd);
}

static PyObject *volley_put(PyObject *self, PyObject *args) {
    Volley *made = (Volley *)self;
    const uint8_t *request, *answer, *mask;
    Py_ssize_t request_octets, octets, mask_octets;
    PyObject *limits;
    if (!PyArg_ParseTuple(args, "y#y#y#O!", &request, &request_octets, &answer, &octets, &mask, &mask_octets,
                          &PyTuple_Type, &limits))
        return NULL;
    Py_ssize_t limit_count = PyTuple_Size(limits), filled = (octets + 7) / 8 * 8;
    if (request_octets < REQUEST_MIN || request_octets > REQUEST_MAX || octets != mask_octets || octets > DATAGRAM_MAX ||
        limit_count > octets / 4 || made->entry_count >= ENTRIES_MAX || made->busy)
        return PyErr_Format(PyExc_ValueError, "no entry of %zd and %zd octets", request_octets, octets);
    if (made->entry_count == made->entry_room) {
        Py_ssize_t room = 2 * made->entry_room + 64;
        Entry *more = realloc(made->entries, (size_t)room * sizeof *more);
        if (!more) return PyErr_NoMemory();
        made->entries = more, made->entry_room = room;
    }
    size_t limit_octets = (size_t)limit_count * sizeof(Limit);
    Limit *block = calloc(1, limit_octets + (size_t)(request_octets + 2 * filled));
    if (!block) return PyErr_NoMemory();
    Entry entry = {.limits = block, .request = (uint8_t *)block + limit_octets};
    entry.answer = entry.request + request_octets, entry.mask = entry.answer + filled;
    entry.limit_count = (uint32_t)limit_count, entry.request_octets = (uint32_t)request_octets;
    entry.answer_octets = (uint32_t)octets;
    for (Py_ssize_t at = 0; at < limit_count; at++) {
        int read = PyArg_ParseTuple(PyTuple_GetItem(limits, at), "III", &block[at].at, &block[at].low, &block[at].high);
        if (read && (Py_ssize_t)block[at].at + 4 <= octets) continue;
        if (read) PyErr_Format(PyExc_ValueError, "no number at octet %u", block[at].at);
        free(block);
        return NULL;
    }
    memcpy(entry.request, request, (size_t)request_octets);
    memcpy(entry.answer, answer, (size_t)octets), memcpy(entry.mask, mask, (size_t)octets);
    made->entries[made->entry_count] = entry;
    return PyLong_FromSsize_t(made->entry_count++);
}

static int volley_init(PyObject *self, PyObject *args, PyObject *keywords) {
    Volley *made = (Volley *)self;
    Py_buffer *held = made->columns;
    unsigned first_id;
    if (made->in_octets ||
        !PyArg_ParseTuple(args, "y*w*w*w*w*w*y*y*y*iiI", &held[DUE], &held[SENT], &held[RECEIVED], &held[OCTETS],
                          &held[CODE], &held[VERDICT], &held[WHICH], &held[CHOICE], &made->links, &made->per_target,
                          &made->epoll, &first_id))
        return -1;
    made->first_id = first_id;
    made->count = held[DUE].len / ELEMENT[DUE], made->slots = held[SENT].len / ELEMENT[SENT];
    int wrong = made->slots < made->count || (size_t)made->slots > UINT32_MAX || made->per_target < 1;
    for (int at = SENT; at < COLUMNS; at++) wrong |= held[at].len / ELEMENT[at] < made->slots;
    made->target_count = wrong ? 0 : (int)(made->links.len / (Py_ssize_t)sizeof(int)) / made->per_target;
    if (wrong || !made->target_count) {
        PyErr_SetString(PyExc_ValueError, "columns of slots are too short, or there are no links");
        return -1;
    }
    if (!(made->in_octets = malloc((size_t)BATCH * DATAGRAM_MAX))) {
        PyErr_NoMemory();
        return -1;
    }
    for (int at = 0; at < BATCH; at++) {
        made->vectors[at] = (struct iovec){made->in_octets + (size_t)at * DATAGRAM_MAX, DATAGRAM_MAX};
        made->in[at].msg_hdr.msg_iov = &made->vectors[at], made->in[at].msg_hdr.msg_iovlen = 1;
    }
    int off = 0; /* an older kernel would send a volley as one datagram */
    made->segments = !setsockopt(*(const int *)made->links.buf, IPPROTO_UDP, UDP_SEGMENT, &off, sizeof off);
    return 0;
}

static void volley_free(PyObject *self) {
    Volley *made = (Volley *)self;
    PyTypeObject *type = Py_TYPE(self);
    for (int at = 0; at < COLUMNS; at++)
        if (made->columns[at].obj) PyBuffer_Release(&made->columns[at]);
    if (made->links.obj) PyBuffer_Release(&made->links);
    for (Py_ssize_t at = 0; at < made->entry_count; at++) free(made->entries[at].limits);
    free(made->entries), free(made->in_octets);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(self);
    Py_DECREF(type);
}

static PyMethodDef methods[] = {
    {"put", volley_put, METH_VARARGS,
     "put(request, usual answer or b'', mask, ((offset, lowest, highest), ...)) -> the entry's number"},
    {"go", volley_go, METH_VARARGS,
     "go(number, end, start_ns, until_ns, spin_ns) -> (number, errno, slots answered, descriptor, now_ns, odd packets)"},
    {0}};
static PyType_Slot slots[] = {{Py_tp_init, volley_init},
                              {Py_tp_dealloc, volley_free},
                              {Py_tp_methods, methods},
                              {Py_tp_doc, "Sends what is due, and notes usual answers."},
                              {0, 0}};
static PyType_Spec spec = {"loadgen._volley.Volley", sizeof(Volley), 0, Py_TPFLAGS_DEFAULT, slots};

static int fill(PyObject *module) {
    PyObject *type = PyType_FromSpec(&spec);
    int failed = !type || PyModule_AddObjectRef(module, "Volley", type);
    Py_XDECREF(type);
    return failed ? -1 : 0;
}

static PyModuleDef_Slot module_slots[] = {{Py_mod_exec, fill}, {0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_volley", "The load generator's compiled half.", 0, NULL,
                                    module_slots, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__volley(void) { return PyModuleDef_Init(&module); }
