# Adds made-up dates and measurements to the made-up cohort beside this script, the same on every run.
# Run: Rscript extra.R > extra.csv
cohort <- read.csv("cohort.csv", na.strings = "")
n <- nrow(cohort)
place <- seq_len(n)
index <- as.Date("1985-01-10") + (place * 37) %% 5400
diagnosis <- index - (30 + (place * 71) %% 1400)
change <- ((place * 29) %% 180) - 90
rise <- ifelse(is.na(cohort$biochemical_response) | cohort$biochemical_response == "NE", NA, change)
lower <- ifelse(is.na(cohort$pfs_days), NA, pmax(cohort$pfs_days - 40 - place %% 90, 0))
died <- !is.na(cohort$pfs_days) & cohort$pfs_event == 1 & cohort$pfs_days == cohort$os_days
lower <- ifelse(died | (!is.na(cohort$pfs_days) & cohort$pfs_event == 0), cohort$pfs_days, lower)
upper <- ifelse(!is.na(cohort$pfs_days) & cohort$pfs_event == 1, cohort$pfs_days, NA)
extra <- data.frame(subject = cohort$subject, index_date = index, diagnosis_date = diagnosis,
                    biochemical_change_pct = rise, pfs_lower_days = lower, pfs_upper_days = upper)
write.csv(extra, row.names = FALSE, quote = FALSE, na = "")
