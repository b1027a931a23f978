/* Many threads at once through the C interface: every response must be the one that a thread alone gets, and all memory is given back.
 *
 *   cc -O2 -Wall -Wextra -pthread -I.. threads.c -L../../../target/release -ldouble_random -o threads
 *   ./threads THREADS ROUNDS STEP FILE [STEP FILE]...        requests, as python/requests.py writes them
 *
 * Under valgrind it shows that nothing is read or written that is not there, and that nothing is lost.
 */
#include "double_random.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 64 };

struct question {
    const char *step;
    char *request, *answer;
};
static struct question questions[MOST];
static int count, rounds;

static char *load(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0) return NULL;
    long size = ftell(file);
    char *text = size < 0 ? NULL : malloc((size_t)size + 1);
    if (!text || fseek(file, 0, SEEK_SET) != 0 || fread(text, 1, (size_t)size, file) != (size_t)size) return NULL;
    text[size] = 0;
    fclose(file);
    return text;
}

/* Asks everything so many times, each thread in an order of its own; the number of other answers than those of the first thread. */
static void *ask(void *number) {
    size_t begin = *(size_t *)number, *wrong = calloc(1, sizeof *wrong);
    if (!wrong) abort();
    for (int round = 0; round < rounds; round++) {
        for (int place = 0; place < count; place++) {
            const struct question *question = &questions[(begin + (size_t)place) % (size_t)count];
            char *answer = double_random_call(question->step, question->request);
            *wrong += strcmp(answer, question->answer) != 0;
            double_random_free(answer);
        }
    }
    return wrong;
}

int main(int words, char **word) {
    int threads = words > 2 ? atoi(word[1]) : 0;
    rounds = words > 2 ? atoi(word[2]) : 0;
    if (threads < 1 || threads > MOST || rounds < 1 || words < 5 || (words - 3) % 2 || (words - 3) / 2 > MOST) {
        fprintf(stderr, "usage: threads THREADS ROUNDS STEP FILE [STEP FILE]...\n");
        return 64;
    }
    int errors = 0;
    for (int place = 3; place < words; place += 2, count++) {
        struct question *question = &questions[count];
        *question = (struct question){word[place], load(word[place + 1]), NULL};
        if (!question->request) {
            fprintf(stderr, "cannot read %s\n", word[place + 1]);
            return 66;
        }
        question->answer = double_random_call(question->step, question->request);
        errors += strncmp(question->answer, "{\"error\":", 9) == 0;
    }
    /* NULL is answered, and nothing to give back. */
    char *nothing = double_random_call(NULL, NULL);
    size_t wrong = strncmp(nothing, "{\"error\":", 9) != 0;
    double_random_free(nothing);
    double_random_free(NULL);

    pthread_t thread[MOST];
    size_t number[MOST];
    for (int place = 0; place < threads; place++) {
        number[place] = (size_t)place;
        if (pthread_create(&thread[place], NULL, ask, &number[place]) != 0) abort();
    }
    for (int place = 0; place < threads; place++) {
        void *found = NULL;
        if (pthread_join(thread[place], &found) != 0) abort();
        wrong += *(size_t *)found;
        free(found);
    }
    for (int place = 0; place < count; place++) {
        free(questions[place].request);
        double_random_free(questions[place].answer);
    }
    printf("%d threads, %d requests, %d of them answered with an error: %zu answers differ\n", threads, count, errors, wrong);
    return wrong != 0;
}
