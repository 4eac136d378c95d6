/* include/witnessbox/error.h - what a function answers, and why it refused. */
#ifndef WITNESSBOX_ERROR_H
#define WITNESSBOX_ERROR_H

#include <stddef.h>

#if defined(__GNUC__)
#define WB_API __attribute__((visibility("default")))
#define WB_CHECKED __attribute__((warn_unused_result))
#define WB_PRINTF(at, first) __attribute__((format(printf, at, first)))
#else
#define WB_API
#define WB_CHECKED
#define WB_PRINTF(at, first)
#endif

/* Every function that can fail returns one of these. WB_OK is zero; on anything else
 * the outputs are untouched unless the header of the function says otherwise. The
 * process exit status that belongs to each is wb_status_exit(). */
enum wb_status {
    WB_OK = 0,
    WB_ERR_IO, /* the operating system refused: disk full, permission, ...    exit 1 */
    WB_ERR_MEMORY, /* not enough memory                                           exit 1
                    */
    WB_ERR_INTERNAL, /* our own mistake                                             exit
                        1 */
    WB_ERR_USAGE, /* the caller's words are off                                  exit 2
                   */
    WB_ERR_VALUE, /* a given field value is not acceptable                       exit 2
                   */
    WB_ERR_PASSPHRASE, /* no slot opens exit 3 */
    WB_ERR_LOCKED, /* the vault has not been unlocked                             exit 3
                    */
    WB_ERR_FORMAT, /* bytes that are not what they must be: damaged, foreign      exit 4
                    */
    WB_ERR_LIMIT,  /* a size or count above its limit                             exit 4
                    */
    WB_ERR_INTEGRITY, /* tampered, forged, altered, missing exit 4 */
    WB_ERR_TOO_NEW, /* written by a newer version                                  exit
                       4 */
    WB_ERR_POLICY, /* refused: consent, trust, not the recipient, field vault     exit 5
                    */
    WB_ERR_NOT_FOUND, /* no such record, contact, file exit 6 */
    WB_ERR_AMBIGUOUS, /* more than one fits exit 6 */
    WB_ERR_BUSY, /* in use by another process                                   exit 7
                  */
};

#define WB_ERROR_MESSAGE_BYTES 512

/* Owned by the caller, who starts it as {0}. `message` is one line without a full stop:
 * where: what, limit; never field contents, never a secret. `os_errno` is the errno of
 * the call that failed, or 0. Functions accept a NULL error where the reason is not
 * wanted. */
struct wb_error {
    enum wb_status status;
    int os_errno;
    char message[WB_ERROR_MESSAGE_BYTES];
};

/* The exit status of the command for a status: 0 done, 1 failed, 2 usage, 3 no slot
 * opens or locked, 4 integrity, 5 refused by policy, 6 not found or ambiguous, 7 in
 * use. */
WB_API int wb_status_exit(enum wb_status status);

#endif
