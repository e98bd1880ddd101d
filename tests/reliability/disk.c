/* What a process does to the files of one folder: written down, or made to fail. To be preloaded (LD_PRELOAD).
 *
 *   DISK_FOLDER   the folder, without a slash at its end
 *   DISK_JOURNAL  a file to which every change is appended, with its data: struct record, then the bytes
 *   DISK_FAULTS   a file of one struct faults, shared with whoever orders failures
 *
 * Syncing is written down and not done: where it matters, the power fails in a simulator, and not here. Files that end
 * in "-shm" are memory and not written down; they fail with the others. Calls go to the kernel directly.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { WRITE = 1, TRUNCATE, SYNC, SYNC_FAILED, SYNC_NAMES, CREATE, UNLINK, RENAME, LINK, MARK };
enum { MOST = 65536, FOLDER_ITSELF = -2, MEMORY = -3 };

struct record {
    uint32_t what, file;
    uint64_t at;
    uint64_t length;
};

struct faults {
    int64_t left;    /* calls until the one that fails; 0: none is to fail */
    int64_t error;   /* its errno */
    int64_t half;    /* a write writes half of it first */
    int64_t lasting; /* all calls after it fail too */
    int64_t down;    /* they do now */
    int64_t limited; /* files may grow by `room` bytes */
    int64_t room;
    int64_t writes, syncs, failed; /* counted */
};

static char folder[PATH_MAX];
static size_t folder_length;
static int journal = -1;
static struct faults none, *faults = &none;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int files[MOST]; /* of a descriptor: number of its file, 0: not ours */
static struct { ino_t inode; int file; } known[4096];
static int knowns, numbers;

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("DISK_FOLDER"), *kept = getenv("DISK_JOURNAL"), *ordered = getenv("DISK_FAULTS");
    if (path == NULL) return;
    folder_length = strlen(strncpy(folder, path, sizeof folder - 1));
    if (kept != NULL) journal = syscall(SYS_openat, AT_FDCWD, kept, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (ordered != NULL) {
        int shared = syscall(SYS_openat, AT_FDCWD, ordered, O_RDWR | O_CLOEXEC);
        void *found = mmap(NULL, sizeof none, PROT_READ | PROT_WRITE, MAP_SHARED, shared, 0);
        if (found == MAP_FAILED) abort();
        faults = found;
        syscall(SYS_close, shared);
    }
}

static void all(const char *data, size_t length) {
    while (length > 0) {
        ssize_t done = syscall(SYS_write, journal, data, length);
        if (done <= 0) abort(); /* a journal with a hole shows nothing */
        data += done, length -= done;
    }
}

static void keep(uint32_t what, int file, uint64_t at, const void *data, uint64_t length) {
    struct record head = {what, (uint32_t)(file > 0 ? file : 0), at, length};
    if (journal < 0 || file == MEMORY) return;
    all((const char *)&head, sizeof head);
    if (data != NULL) all(data, length);
}

/* What a workload says of itself, in the order of everything else. */
void disk_mark(const char *text, uint64_t length) {
    pthread_mutex_lock(&lock);
    keep(MARK, 0, 0, text, length);
    pthread_mutex_unlock(&lock);
}

static const char *inside(const char *path) {
    if (folder_length == 0 || path == NULL || strncmp(path, folder, folder_length) != 0) return NULL;
    if (path[folder_length] == 0) return ".";
    return path[folder_length] == '/' && strchr(path + folder_length + 1, '/') == NULL ? path + folder_length + 1 : NULL;
}

static int ends(const char *name, const char *end) {
    size_t long_ = strlen(name), short_ = strlen(end);
    return long_ >= short_ && strcmp(name + long_ - short_, end) == 0;
}

static int file_of(int fd) { return fd >= 0 && fd < MOST ? files[fd] : 0; }

/* Whether this call fails; the caller holds the lock. */
static int fails(int64_t *counter) {
    __atomic_add_fetch(counter, 1, __ATOMIC_SEQ_CST);
    int due = faults->left > 0 && __atomic_sub_fetch(&faults->left, 1, __ATOMIC_SEQ_CST) == 0;
    if (due && faults->lasting) faults->down = 1;
    if (!due && !faults->down) return 0;
    __atomic_add_fetch(&faults->failed, 1, __ATOMIC_SEQ_CST);
    return 1;
}

/* How many of these bytes there is room for. */
static size_t roomy(int fd, size_t length, int64_t at) {
    struct stat found;
    if (!faults->limited || fstat(fd, &found) != 0) return length;
    int64_t growth = at + (int64_t)length - found.st_size;
    if (growth <= 0) return length;
    int64_t missing = growth - faults->room;
    faults->room -= missing > 0 ? faults->room : growth;
    if (missing <= 0) return length;
    __atomic_add_fetch(&faults->failed, 1, __ATOMIC_SEQ_CST);
    return missing >= (int64_t)length ? 0 : length - (size_t)missing;
}

static ssize_t put(int fd, const void *data, size_t length, int64_t at, int placed) {
    ssize_t done;
    size_t some = length;
    pthread_mutex_lock(&lock);
    if (!placed) at = lseek(fd, 0, SEEK_CUR);
    int failing = fails(&faults->writes), error = failing ? (int)faults->error : ENOSPC;
    if (failing) some = faults->half ? length / 2 : 0;
    else some = roomy(fd, length, at);
    if (some == 0 && length > 0) done = -1, errno = error;
    else {
        done = placed ? syscall(SYS_pwrite64, fd, data, some, at) : syscall(SYS_write, fd, data, some);
        if (done > 0) keep(WRITE, file_of(fd), (uint64_t)at, data, (uint64_t)done);
    }
    error = errno;
    pthread_mutex_unlock(&lock);
    errno = error;
    return done;
}

ssize_t write(int fd, const void *data, size_t length) {
    return file_of(fd) ? put(fd, data, length, 0, 0) : syscall(SYS_write, fd, data, length);
}

ssize_t pwrite64(int fd, const void *data, size_t length, off64_t at) {
    return file_of(fd) ? put(fd, data, length, at, 1) : syscall(SYS_pwrite64, fd, data, length, at);
}

ssize_t pwrite(int fd, const void *data, size_t length, off_t at) { return pwrite64(fd, data, length, at); }

static int sync_it(int fd, long call) {
    int file = file_of(fd), failing, error;
    if (file == 0) return (int)syscall(call, fd);
    pthread_mutex_lock(&lock);
    failing = fails(&faults->syncs), error = (int)faults->error;
    keep(failing ? SYNC_FAILED : file == FOLDER_ITSELF ? SYNC_NAMES : SYNC, file, 0, NULL, 0);
    pthread_mutex_unlock(&lock);
    if (failing) errno = error;
    return failing ? -1 : 0;
}

int fsync(int fd) { return sync_it(fd, SYS_fsync); }
int fdatasync(int fd) { return sync_it(fd, SYS_fdatasync); }

int ftruncate64(int fd, off64_t size) {
    struct stat before;
    int done = -1, error = 0;
    if (file_of(fd) == 0) return (int)syscall(SYS_ftruncate, fd, size);
    pthread_mutex_lock(&lock);
    if (fails(&faults->writes)) error = (int)faults->error;
    else {
        if (faults->limited && fstat(fd, &before) == 0 && before.st_size > size) faults->room += before.st_size - size;
        done = (int)syscall(SYS_ftruncate, fd, size), error = errno;
        if (done == 0) keep(TRUNCATE, file_of(fd), (uint64_t)size, NULL, 0);
    }
    pthread_mutex_unlock(&lock);
    errno = error;
    return done;
}

int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

static int number_of(int fd, const char *name) {
    struct stat found;
    if (strcmp(name, ".") == 0) return FOLDER_ITSELF;
    if (ends(name, "-shm")) return MEMORY;
    if (fstat(fd, &found) != 0) return 0;
    for (int at = 0; at < knowns; at++)
        if (known[at].inode == found.st_ino) return known[at].file;
    if (knowns == 4096) abort();
    known[knowns].inode = found.st_ino, known[knowns].file = ++numbers, knowns++;
    keep(CREATE, numbers, 0, name, strlen(name));
    return numbers;
}

static int open_it(int where, const char *path, int flags, mode_t mode) {
    const char *name = inside(path);
    if (name == NULL) return (int)syscall(SYS_openat, where, path, flags, mode);
    pthread_mutex_lock(&lock);
    int fd = (int)syscall(SYS_openat, where, path, flags, mode), error = errno;
    if (fd >= 0 && fd < MOST) {
        files[fd] = number_of(fd, name);
        if (flags & O_TRUNC) keep(TRUNCATE, files[fd], 0, NULL, 0);
    }
    pthread_mutex_unlock(&lock);
    errno = error;
    return fd;
}

#define MODE(flags, mode) do { va_list more; va_start(more, flags); mode = va_arg(more, unsigned); va_end(more); } while (0)
#define NEEDED(flags) (((flags) & O_CREAT) || ((flags) & O_TMPFILE) == O_TMPFILE)

int open(const char *path, int flags, ...) {
    mode_t mode = 0;
    if (NEEDED(flags)) MODE(flags, mode);
    return open_it(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    mode_t mode = 0;
    if (NEEDED(flags)) MODE(flags, mode);
    return open_it(AT_FDCWD, path, flags, mode);
}

int openat(int where, const char *path, int flags, ...) {
    mode_t mode = 0;
    if (NEEDED(flags)) MODE(flags, mode);
    return open_it(where, path, flags, mode);
}

int openat64(int where, const char *path, int flags, ...) {
    mode_t mode = 0;
    if (NEEDED(flags)) MODE(flags, mode);
    return open_it(where, path, flags, mode);
}

int __open_2(const char *path, int flags) { return open_it(AT_FDCWD, path, flags, 0); }
int __open64_2(const char *path, int flags) { return open_it(AT_FDCWD, path, flags, 0); }

int close(int fd) {
    if (fd >= 0 && fd < MOST) files[fd] = 0;
    return (int)syscall(SYS_close, fd);
}

int unlink(const char *path) {
    const char *name = inside(path);
    struct stat found;
    if (name == NULL) return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
    pthread_mutex_lock(&lock);
    int there = lstat(path, &found) == 0;
    int done = (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0), error = errno;
    if (done == 0 && there) {
        if (faults->limited) faults->room += found.st_size;
        for (int at = 0; at < knowns && found.st_nlink == 1; at++)
            if (known[at].inode == found.st_ino) known[at] = known[--knowns];
        keep(UNLINK, ends(name, "-shm") ? MEMORY : 0, 0, name, strlen(name));
    }
    pthread_mutex_unlock(&lock);
    errno = error;
    return done;
}

/* Two names, with a zero between them. */
static void keep_names(uint32_t what, const char *from, const char *to) {
    char both[2 * NAME_MAX + 3];
    size_t first = strlen(from) + 1, second = strlen(to);
    if (first + second > sizeof both) abort();
    memcpy(both, from, first), memcpy(both + first, to, second);
    keep(what, 0, 0, both, first + second);
}

static int name_it(uint32_t what, const char *from, const char *to) {
    const char *old = inside(from), *new = inside(to);
    pthread_mutex_lock(&lock);
    int done = what == LINK ? (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0)
                            : (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
    int error = errno;
    if (done == 0 && old != NULL && new != NULL) keep_names(what, old, new);
    pthread_mutex_unlock(&lock);
    errno = error;
    return done;
}

int rename(const char *from, const char *to) { return name_it(RENAME, from, to); }
int link(const char *from, const char *to) { return name_it(LINK, from, to); }
