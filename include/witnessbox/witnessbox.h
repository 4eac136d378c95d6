/* include/witnessbox/witnessbox.h - the whole front door. */
#ifndef WITNESSBOX_H
#define WITNESSBOX_H

#include "bundle.h"
#include "collect.h"
#include "custody.h"
#include "destroy.h"
#include "dump.h"
#include "error.h"
#include "field.h"
#include "interrupt.h"
#include "keys.h"
#include "progress.h"
#include "query.h"
#include "record.h"
#include "report.h"
#include "sandbox.h"
#include "sheet.h"
#include "text.h"
#include "vault.h"
#include "withdraw.h"

#endif
