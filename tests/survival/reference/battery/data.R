# Real data sets for the battery, cut to the columns that are used; cited in ../README.md.

library(survival)
folder <- "data"
keep <- function(name, frame) write.csv(frame, file.path(folder, paste0(name, ".csv")), row.names = FALSE,
                                        quote = FALSE, na = "")
yes <- function(x) as.integer(x)

keep("kidney", with(kidney, data.frame(id, time, event = status, age, sex, disease = as.character(disease))))
keep("rats", with(subset(rats, sex == "f"), data.frame(litter, time, event = status, rx)))
keep("aml", with(aml, data.frame(time, event = status, x = as.character(x))))
keep("retinopathy", with(retinopathy, data.frame(id, time = futime, event = status, trt, age, risk,
                                                 type = as.character(type), laser = as.character(laser))))
keep("gbsg", with(gbsg[seq(1, 686, 2), ], data.frame(time = rfstime, event = status, age, meno, size, grade, nodes, pgr,
                                                     hormon)))
# age is the clock: under observation from the age at the first blood sample
keep("flchain", with(subset(flchain[seq(3, nrow(flchain), 16), ], futime > 0),
                     data.frame(start = round(age * 365.25), stop = round(age * 365.25) + futime, event = death,
                                sex = as.character(sex), kappa, lambda, group = (flc.grp > 3) + (flc.grp > 7))))
keep("nafld", with(subset(nafld1[seq(1, nrow(nafld1), 44), ], futime > 0),
                   data.frame(start = age * 365, stop = age * 365 + futime, time = futime, event = status, male, bmi)))
keep("stanford2", with(stanford2, data.frame(time, event = status, age, t5)))
keep("myeloid", with(myeloid[seq(1, 646, 2), ], data.frame(time = futime, event = death, trt = as.character(trt),
                                                           sex = as.character(sex), switch = txtime)))
keep("melanoma", with(MASS::Melanoma, data.frame(time, event = yes(status == 1), code = c(1, 0, 2)[status], sex, age,
                                                 thickness, ulcer, year)))
keep("gehan", with(MASS::gehan, data.frame(pair, time, event = cens, treat = as.character(treat))))
keep("mastectomy", with(HSAUR3::mastectomy, data.frame(time, event = yes(event), spread = as.character(metastasized))))
keep("channing", with(subset(boot::channing, exit > entry), data.frame(start = entry, stop = exit, event = cens,
                                                                       sex = as.character(sex))))
keep("udca", with(udca1, data.frame(time = futime, event = status, trt, stage, bili, risk = riskscore)))
# a transplant is the event; nobody in stage 1 had one: separation
keep("pbc_transplant", with(subset(pbc, !is.na(trt)), data.frame(time, event = yes(status == 1), code = status,
                                                                 first_stage = yes(stage == 1), age, bili, trt)))
visits <- tmerge(subset(pbc, id <= 60, select = c(id, trt, age)), subset(pbc, id <= 60), id = id, event = event(time, status == 2))
visits <- tmerge(visits, subset(pbcseq, id <= 60), id = id, bili = tdc(day, bili), albumin = tdc(day, albumin),
                 edema = tdc(day, edema))
keep("pbcseq", with(visits, data.frame(id, start = tstart, stop = tstop, event, logbili = round(log(bili), 5), albumin,
                                       age = round(age, 3), trt)))
episodes <- rhDNase[!duplicated(rhDNase$id), ]
episodes <- tmerge(subset(episodes, select = c(id, trt, fev)), episodes, id = id,
                   stop = event(as.numeric(end.dt - entry.dt)))
episodes <- tmerge(episodes, subset(rhDNase, !is.na(ivstart)), id = id, infect = event(ivstart), done = event(ivstop + 6))
episodes <- subset(episodes, (infect == 1 | done == 0) & id <= 350)
keep("rhdnase", with(episodes, data.frame(id, start = tstart, stop = tstop, event = infect, trt, fev)))
outcome <- c(censored = 0, ltx = 1, death = 2, withdraw = 3)[as.character(transplant$event)]
keep("transplant", with(transplant[seq(1, 815, 2), ], data.frame(time = futime, code = outcome[seq(1, 815, 2)],
                                                                 sex = as.character(sex), abo = as.character(abo), age,
                                                                 year = yes(year > 1995))))
# one row a patient, with the day of the switch
keep("jasa", with(jasa, data.frame(time = futime, event = fustat, switch = as.numeric(tx.date - accept.dt), age, surgery)))
keep("mgus2_switch", with(mgus2[seq(2, 1384, 3), ], data.frame(time = futime, event = death,
                                                               switch = ifelse(pstat == 1, ptime, NA),
                                                               sex = as.character(sex))))
# age is the clock and two events compete
keep("mgus2_age", with(subset(mgus2[seq(1, 1384, 2), ], ifelse(pstat == 1, ptime, futime) > 0), data.frame(
  start = age * 12, stop = age * 12 + ifelse(pstat == 1, ptime, futime), code = ifelse(pstat == 1, 1, 2 * death),
  sex = as.character(sex))))
# vasculopathy of a transplanted heart is found at a visit: after the last one without and by the first one with it
found <- do.call(rbind, lapply(split(msm::cav, msm::cav$PTNUM), function(p) {
  with_it <- p$years[p$state %in% 2:3]
  free <- p$years[p$state == 1]
  free <- free[free < min(with_it, Inf)]
  data.frame(lower = max(0, free), upper = if (length(with_it)) min(with_it) else NA, dage = p$dage[1],
             ihd = yes(p$pdiag[1] == "IHD"))
}))
found <- subset(found, !is.na(upper) | lower > 0)
keep("cav", with(found[seq(1, nrow(found), 2), ], data.frame(lower = round(lower * 365.25),
                                                             upper = round(upper * 365.25), dage, ihd)))
# first oedema in the visits of pbcseq
found <- do.call(rbind, lapply(split(pbcseq, pbcseq$id), function(p) {
  with_it <- p$day[p$edema > 0]
  free <- p$day[p$edema == 0 & p$day < min(with_it, Inf)]
  data.frame(lower = max(0, free), upper = if (length(with_it)) min(with_it) else NA, trt = p$trt[1],
             age = round(p$age[1], 2))
}))
keep("edema", subset(found, is.na(upper) & lower > 0 | !is.na(upper) & upper > 0))
